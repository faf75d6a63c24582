//! Serves a sandbox until it is stopped, for trying it or measuring it by hand: `cargo run --release -p
//! headcount-sandbox --example serve -- PORT [PEOPLE] [STATE]`.

use headcount_sandbox::{Config, start};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let config = Config {
        port: args.next().map_or(Ok(0), |port| port.parse())?,
        people: args.next().map(|people| people.parse()).transpose()?.filter(|people| *people > 0),
        state: args.next().map(Into::into),
        ..Config::default()
    };
    let sandbox = start(config).await?;
    println!("{}", serde_json::to_string(sandbox.card())?);
    std::future::pending::<()>().await;
    Ok(())
}
