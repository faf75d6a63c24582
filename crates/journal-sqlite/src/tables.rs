//! Whole tables as plain lines.

use headcount_journal::{
    Cell, JournalError, Kind, Line, ReadTables, RunId, Table, TellLine, WriteTables,
};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{OptionalExtension, Row, ToSql, params_from_iter};

use super::error::sql;
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;

impl ReadTables for SqliteStore {
    fn read_lines(
        &self,
        table: &Table,
        run: Option<&RunId>,
        tell: TellLine<'_>,
    ) -> Result<(), JournalError> {
        let (names, name) = (table.names(), table.name);
        let (filter, key) = match (has_ids(table), run) {
            (true, None) => (String::new(), "id".to_owned()),
            (true, Some(_)) => (
                "WHERE id BETWEEN (?1 << 32) AND (?1 << 32) + 4294967295".to_owned(),
                "id".to_owned(),
            ),
            (false, None) => (String::new(), table.key.join(", ")),
            (false, Some(_)) => ("WHERE run = ?1".to_owned(), table.key.join(", ")),
        };
        let statement = format!("SELECT {names} FROM {name} {filter} ORDER BY {key}");
        let failed = || sql("be read");
        let mut statement = self.connection.prepare_cached(&statement).map_err(failed())?;
        let values = run.map(RunId::number);
        let mut rows = statement.query(params_from_iter(values)).map_err(failed())?;
        while let Some(row) = rows.next().map_err(failed())? {
            tell(line_of(table, row).map_err(failed())?)?;
        }
        Ok(())
    }

    fn at_one_moment(
        &self,
        read: &mut dyn FnMut() -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let moment = self.connection.unchecked_transaction().map_err(sql("be read"))?;
        read()?;
        moment.commit().map_err(sql("be read"))
    }

    fn last_number(&self) -> Result<i64, JournalError> {
        let number = "SELECT seq FROM sqlite_sequence WHERE name = 'runs'";
        let number = self.connection.query_row(number, [], |row| row.get(0)).optional();
        Ok(number.map_err(sql("be read"))?.unwrap_or(0))
    }
}

impl WriteTables for SqliteTransaction<'_> {
    fn add_lines(&mut self, table: &Table, lines: Vec<Line>) -> Result<(), JournalError> {
        let statement = insert_of(table);
        for line in &lines {
            self.write(&statement, params_from_iter(line.iter().map(Stored)))?;
        }
        Ok(())
    }

    fn count_lines(&mut self, table: &Table) -> Result<u64, JournalError> {
        let count = format!("SELECT count(*) FROM {}", table.name);
        self.read(&count, [], |row| row.get::<_, i64>(0)).map(|count| count as u64)
    }

    fn set_last_number(&mut self, number: i64) -> Result<(), JournalError> {
        // The table has no key.
        self.write("DELETE FROM sqlite_sequence WHERE name = 'runs'", [])?;
        self.write("INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', ?)", [number]).map(drop)
    }
}

/// Whether the lines of a table are stored under their ids, which have the run and the number of the line.
fn has_ids(table: &Table) -> bool {
    matches!(table.name, "rows" | "steps" | "requests")
}

/// The statement that adds a line of a table; its values are those of the line.
fn insert_of(table: &Table) -> String {
    let (name, columns) = (table.name, table.columns.iter().map(|column| column.name));
    let places = (1..=columns.len()).map(|place| format!("?{place}"));
    match name {
        // A step has its own row in itself.
        "serves" => "INSERT INTO shared (run, step, row) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM steps WHERE id = (?1 << 32) + ?2 AND row = ?3)"
            .to_owned(),
        _ if has_ids(table) => {
            let [columns, places]: [Vec<String>; 2] =
                [columns.skip(2).map(str::to_owned).collect(), places.skip(2).collect()];
            let (columns, places) = (columns.join(", "), places.join(", "));
            format!("INSERT INTO {name} (id, {columns}) VALUES ((?1 << 32) + ?2, {places})")
        }
        _ => {
            let places: Vec<String> = places.collect();
            format!("INSERT INTO {name} ({}) VALUES ({})", table.names(), places.join(", "))
        }
    }
}

fn line_of(table: &Table, row: &Row<'_>) -> rusqlite::Result<Line> {
    let cell = |(place, kind): (usize, Kind)| {
        Ok(match row.get_ref(place)? {
            ValueRef::Null => Cell::Nothing,
            _ => match kind {
                Kind::Number => Cell::Number(row.get(place)?),
                Kind::Flag => Cell::Flag(row.get(place)?),
                Kind::Text => Cell::Text(row.get(place)?),
            },
        })
    };
    table.columns.iter().map(|column| column.kind).enumerate().map(cell).collect()
}

/// A value as SQLite stores it.
struct Stored<'c>(&'c Cell);

impl ToSql for Stored<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Nothing => ToSqlOutput::Owned(Value::Null),
            Cell::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Flag(flag) => ToSqlOutput::Owned(Value::Integer(i64::from(*flag))),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}
