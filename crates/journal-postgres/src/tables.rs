//! Whole tables as plain lines.

use headcount_journal::{
    Cell, Column, JournalError, Kind, Line, ReadTables, RunId, Table, TellLine, WriteTables,
};
use tokio_postgres::Row;

use super::connection::{Value, values};
use super::decode::value;
use super::store::PostgresStore;
use super::transaction::{PostgresTransaction, text};

impl ReadTables for PostgresStore {
    fn read_lines(
        &self,
        table: &Table,
        run: Option<&RunId>,
        tell: TellLine<'_>,
    ) -> Result<(), JournalError> {
        let filter = if run.is_some() { "WHERE run = $1" } else { "" };
        let (names, name, key) = (table.names(), table.name, table.key.join(", "));
        let statement = format!("SELECT {names} FROM {name} {filter} ORDER BY {key}");
        let values = run.map(|run| values![run.number()]).unwrap_or_default();
        self.session.connection()?.each(&statement, values, &mut |row| {
            tell(line_of(table, row)?)?;
            Ok(true)
        })
    }

    fn at_one_moment(
        &self,
        read: &mut dyn FnMut() -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let connection = self.session.connection()?;
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let done = read();
        connection.execute("ROLLBACK")?;
        done
    }

    fn last_number(&self) -> Result<i64, JournalError> {
        let last = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM runs_run_seq";
        self.session.connection()?.one(last, values![])
    }
}

impl WriteTables for PostgresTransaction<'_> {
    fn add_lines(&mut self, table: &Table, lines: Vec<Line>) -> Result<(), JournalError> {
        let kind = |column: &Column| match column.kind {
            Kind::Number => "bigint[]",
            Kind::Flag => "bool[]",
            Kind::Text => "text[]",
        };
        let places =
            table.columns.iter().zip(1..).map(|(column, at)| format!("${at}::{}", kind(column)));
        let places = places.collect::<Vec<_>>().join(", ");
        let (name, names) = (table.name, table.names());
        let statement = format!("INSERT INTO {name} ({names}) SELECT * FROM unnest({places})");
        self.write(&statement, columns_of(table, lines)).map(drop)
    }

    fn count_lines(&mut self, table: &Table) -> Result<u64, JournalError> {
        let rows = self.list(&format!("SELECT count(*) FROM {}", table.name), values![])?;
        let count: i64 = rows.first().map(|row| value(row, 0)).transpose()?.unwrap_or_default();
        Ok(count as u64)
    }

    fn set_last_number(&mut self, number: i64) -> Result<(), JournalError> {
        let (last, is_called) = (number.max(1), number > 0);
        self.list("SELECT setval('runs_run_seq', $1, $2)", values![last, is_called]).map(drop)
    }
}

fn line_of(table: &Table, row: &Row) -> Result<Line, JournalError> {
    let cell = |(place, kind): (usize, Kind)| {
        Ok(match kind {
            Kind::Number => value::<Option<i64>>(row, place)?.map(Cell::Number),
            Kind::Flag => value::<Option<bool>>(row, place)?.map(Cell::Flag),
            Kind::Text => value::<Option<String>>(row, place)?.map(Cell::Text),
        }
        .unwrap_or(Cell::Nothing))
    };
    table.columns.iter().map(|column| column.kind).enumerate().map(cell).collect()
}

/// The lines as one array for each column.
fn columns_of(table: &Table, lines: Vec<Line>) -> Vec<Value> {
    let mut columns: Vec<Vec<Cell>> = table.columns.iter().map(|_| Vec::new()).collect();
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line) {
            column.push(cell);
        }
    }
    let array = |(column, cells): (&Column, Vec<Cell>)| -> Value {
        match column.kind {
            Kind::Number => Box::new(cells.into_iter().map(number).collect::<Vec<_>>()),
            Kind::Flag => Box::new(cells.into_iter().map(flag).collect::<Vec<_>>()),
            Kind::Text => Box::new(cells.into_iter().map(words).collect::<Vec<_>>()),
        }
    };
    table.columns.iter().zip(columns).map(array).collect()
}

fn number(cell: Cell) -> Option<i64> {
    match cell {
        Cell::Number(number) => Some(number),
        Cell::Nothing | Cell::Flag(_) | Cell::Text(_) => None,
    }
}

fn flag(cell: Cell) -> Option<bool> {
    match cell {
        Cell::Flag(flag) => Some(flag),
        Cell::Nothing | Cell::Number(_) | Cell::Text(_) => None,
    }
}

fn words(cell: Cell) -> Option<String> {
    match cell {
        Cell::Text(words) => Some(text(&words)),
        Cell::Nothing | Cell::Number(_) | Cell::Flag(_) => None,
    }
}
