//! Numbers about a worker for Prometheus, in its text format
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use headcount_app::failure::{Failure, USAGE};
use headcount_model::outcome::Outcome;

use super::end::End;

/// The outcomes of rows, in the order of their numbers.
const OUTCOMES: [Outcome; 5] =
    [Outcome::Changed, Outcome::Unchanged, Outcome::Failed, Outcome::Skipped, Outcome::Unknown];

/// The ends of runs, in the order of their numbers.
const ENDS: [&str; 3] = ["over", "left", "lost"];

/// What a worker counts since its start.
#[derive(Debug, Default)]
pub struct Metrics {
    active: AtomicU64,
    taken: AtomicU64,
    ended: [AtomicU64; 3],
    rows: [AtomicU64; 5],
    waits: AtomicU64,
    journal_failures: AtomicU64,
}

impl Metrics {
    /// A run was taken.
    pub fn begun(&self) {
        self.taken.fetch_add(1, Relaxed);
        self.active.fetch_add(1, Relaxed);
    }

    /// A run has ended for this worker.
    pub fn ended(&self, end: &End) {
        self.active.fetch_sub(1, Relaxed);
        let at = match end {
            End::Over { .. } => 0,
            End::Left { .. } => 1,
            End::Lost { .. } => 2,
        };
        self.ended[at].fetch_add(1, Relaxed);
    }

    /// A row has its outcome.
    pub fn settled(&self, outcome: Outcome) {
        if let Some(at) = OUTCOMES.iter().position(|one| *one == outcome) {
            self.rows[at].fetch_add(1, Relaxed);
        }
    }

    /// A site asked for a wait.
    pub fn waited(&self) {
        self.waits.fetch_add(1, Relaxed);
    }

    /// The journal did not answer.
    pub fn journal_failed(&self) {
        self.journal_failures.fetch_add(1, Relaxed);
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, lines: Vec<(String, &AtomicU64)>| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, number) in lines {
                let _ = writeln!(text, "{name}{labels} {}", number.load(Relaxed));
            }
        };
        let plain = |number| vec![(String::new(), number)];
        let (gauge, counter) = ("gauge", "counter");
        family("headcount_active_runs", gauge, "Runs that are applied now.", plain(&self.active));
        family("headcount_taken_runs_total", counter, "Runs that were taken.", plain(&self.taken));
        let ends = ENDS.iter().zip(&self.ended);
        let ends = ends.map(|(end, number)| (format!("{{end=\"{end}\"}}"), number)).collect();
        let help = "Runs that ended for this worker: over, left in the queue, or lost.";
        family("headcount_ended_runs_total", counter, help, ends);
        let rows = OUTCOMES.iter().zip(&self.rows);
        let rows = rows.map(|(one, number)| (format!("{{outcome=\"{one}\"}}"), number)).collect();
        family("headcount_rows_total", counter, "Rows by outcome.", rows);
        family("headcount_waits_total", counter, "Waits that sites asked for.", plain(&self.waits));
        let help = "Times the journal did not answer.";
        family("headcount_journal_failures_total", counter, help, plain(&self.journal_failures));
        text
    }
}

/// Serves the metrics until the process ends.
pub async fn serve(address: SocketAddr, metrics: Arc<Metrics>) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
        Failure::new(USAGE, format!("the metrics cannot be served at {address}"))
            .because(&error)
            .hint("choose another address with --metrics")
    })?;
    let page = move || {
        let text = metrics.text();
        async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text) }
    };
    let router = Router::new().route("/metrics", get(page));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}
