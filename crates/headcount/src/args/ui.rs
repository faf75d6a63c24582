//! The options of the page.

/// `ui`.
#[derive(Debug, clap::Args)]
pub struct UiArgs {
    /// Port on 127.0.0.1; 0 picks a free port
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Print the address without opening the browser
    #[arg(long)]
    pub no_open: bool,
}
