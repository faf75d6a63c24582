//! Renews the leases and the signs of life of this process, over a connection of its own: the one that writes a run may
//! be in the middle of a transaction.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;
use headcount_journal::Cause;
use headcount_model::lease::Moment;
use tokio::time::{sleep, timeout};
use tokio_postgres::{AsyncMessage, Client};

use super::address::Address;
use super::held::{Held, Leases};
use super::settings::settings;
use super::signal::Signal;

/// What a journal's keeper keeps.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) leases: Arc<Leases>,
    /// Rung when a run waits for a worker, or a lease was given back.
    pub(crate) signal: Arc<Signal>,
}

const RENEW: &str = "
    UPDATE leases SET until = clock_timestamp() + make_interval(secs => $2)
    WHERE token = ANY ($1) AND until > clock_timestamp() RETURNING token";

const SEEN: &str = "
    UPDATE workers SET seen = clock_timestamp(),
                       until = clock_timestamp() + make_interval(secs => $2)
    WHERE worker = ANY ($1)";

/// Renews until the journal's runtime ends.
pub(crate) async fn keep(address: Address, kept: Kept) {
    let between = kept.leases.between();
    let mut client: Option<Client> = None;
    let mut is_renewed = true;
    loop {
        let soon = (between / 4).min(Duration::from_secs(1));
        sleep(if is_renewed { between } else { soon }).await;
        is_renewed = timeout(between, renew(&address, &kept, &mut client))
            .await
            .is_ok_and(|renewed| renewed.is_ok());
        if !is_renewed {
            client = None;
        }
    }
}

async fn renew(address: &Address, kept: &Kept, client: &mut Option<Client>) -> Result<(), Cause> {
    // One that has ended by the process's own clock is left to the next process.
    let counts = |held: &&Held| held.lease.counts();
    let held: Vec<_> = kept.leases.held().values().filter(counts).cloned().collect();
    let workers = kept.signal.workers();
    if held.is_empty() && workers.is_empty() {
        return Ok(());
    }
    let client = match client {
        Some(client) if !client.is_closed() => client,
        Some(_) | None => client.insert(listening(address, &kept.signal).await?),
    };
    let asked = Moment::now();
    let term = kept.leases.term.as_secs_f64();
    let tokens: Vec<i64> = held.iter().map(|held| held.token).collect();
    let (leases, seen) = join(
        client.query_typed(RENEW, &typed(&tokens, &term)),
        client.query_typed(SEEN, &typed(&workers, &term)),
    )
    .await;
    seen?;
    let renewed: Vec<i64> = leases?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    for one in held {
        if renewed.contains(&one.token) {
            one.lease.renew(asked, kept.leases.own_term());
        } else if one.asked.elapsed() > kept.leases.between() {
            // A younger one may be part of a transaction that is not committed yet.
            one.lease.end();
        }
    }
    Ok(())
}

type Typed<'v> = (&'v (dyn tokio_postgres::types::ToSql + Sync), tokio_postgres::types::Type);

fn typed<'v>(numbers: &'v Vec<i64>, term: &'v f64) -> [Typed<'v>; 2] {
    use tokio_postgres::types::Type;
    [(numbers, Type::INT8_ARRAY), (term, Type::FLOAT8)]
}

/// Connects, and rings the signal for each notice.
async fn listening(address: &Address, signal: &Arc<Signal>) -> Result<Client, Cause> {
    let connector = address.security().connector()?;
    let (client, mut connection) = address.config().connect(connector).await?;
    let rung = Arc::clone(signal);
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if matches!(message, AsyncMessage::Notification(_)) {
                rung.ring();
            }
        }
    });
    client.batch_execute(&settings(address)).await?;
    client.batch_execute(&format!("LISTEN \"{}\"", address.channel())).await?;
    // What was said before is not said again.
    signal.ring();
    Ok(client)
}
