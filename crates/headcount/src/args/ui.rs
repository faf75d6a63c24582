//! What the page takes.

/// `ui`.
#[derive(Debug, clap::Args)]
pub struct UiArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Only print the address; the browser is not opened
    #[arg(long)]
    pub no_open: bool,
}
