//! Reads all cells of a workbook's first sheet with calamine alone, and prints how many there are: the peer of
//! `bench/figures/workbook.py`.

use std::error::Error;

use calamine::{Reader, Xlsx, open_workbook};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let mut book: Xlsx<_> = open_workbook(path)?;
    let sheet = book.sheet_names().first().cloned().ok_or("no sheet")?;
    let mut cells = book.worksheet_cells_reader(&sheet)?;
    let mut many = 0_u64;
    while let Some(cell) = cells.next_cell()? {
        std::hint::black_box(cell.get_value());
        many += 1;
    }
    println!("{many} cells");
    Ok(())
}
