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
        let filter = if run.is_some() { "WHERE run = ?" } else { "" };
        let (names, name, key) = (table.names(), table.name, table.key.join(", "));
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
        let places = vec!["?"; table.columns.len()].join(", ");
        let statement = format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.names());
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
