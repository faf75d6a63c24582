//! Runs a script from its start to its end, with its requests and timers.

use std::future::Future;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};

use super::engine::{Engine, EngineError, EngineLimits};
use super::output::{Pending, ScriptError, ScriptInput, ScriptOutput};
use super::pool::Pool;

/// Sends a script's requests.
pub trait Session: Sync {
    /// Sends a request in the SDK's form. Returns the response as JSON, or an error's code and message.
    fn send(&self, request: String) -> impl Future<Output = SentByScript> + Send;
}

/// The response of `pm.sendRequest` as JSON with its body as text, or an error's code and message.
pub type SentByScript = Result<String, (String, String)>;

/// Runs a script to its end.
pub async fn run_script(
    pool: &Pool,
    source: &str,
    input: ScriptInput,
    session: &impl Session,
) -> ScriptOutput {
    let text = source.to_owned();
    let (engine, begun) = match pool.begin(source, move |it| it.begin(&text, &input)).await {
        Ok(begun) => begun,
        Err(error) => return failed(error),
    };
    let until = Instant::now() + engine.limits().whole;
    let (engine, stopped) = match finish(pool, (engine, begun), session, until).await {
        Ok(finished) => finished,
        Err(error) => return failed(error),
    };
    let mut output = match engine.end() {
        Ok(output) => output,
        Err(error) => return failed(error),
    };
    if let Some(message) = stopped {
        output.error =
            Some(ScriptError { name: "Error".to_owned(), message, line: None, column: None });
    }
    pool.give(engine);
    output
}

/// Sends and waits until nothing is pending. Returns also why the script was stopped.
async fn finish(
    pool: &Pool,
    (mut engine, mut pending): (Engine, Pending),
    session: &impl Session,
    until: Instant,
) -> Result<(Engine, Option<String>), EngineError> {
    let mut sending = FuturesUnordered::new();
    let EngineLimits { whole, requests, .. } = engine.limits();
    let mut left = requests;
    loop {
        for (id, request) in std::mem::take(&mut pending.sends) {
            let Some(after) = left.checked_sub(1) else {
                let message = format!(
                    "the script was stopped: it sent {requests} requests and began another one"
                );
                return Ok((engine, Some(message)));
            };
            left = after;
            sending.push(async move { (id, session.send(request).await) });
        }
        let due = pending.due.map(|due| {
            let left = (due - engine.now()).clamp(0.0, 1e9);
            Instant::now() + Duration::from_secs_f64(left / 1000.0)
        });
        if due.is_none() && sending.is_empty() {
            return Ok((engine, None));
        }
        let wake = due.unwrap_or(until).min(until);
        let step = tokio::select! {
            biased;
            Some(answer) = sending.next(), if !sending.is_empty() => Some(answer),
            () = sleep_until(wake) => None,
        };
        if Instant::now() >= until {
            let whole = whole.as_secs_f32();
            let message = format!("the script was stopped: it waited for more than {whole} s");
            return Ok((engine, Some(message)));
        }
        (engine, pending) = match step {
            Some((id, answer)) => pool.go_on(engine, move |it| it.answer(id, answer)).await?,
            None => pool.go_on(engine, Engine::tick).await?,
        };
    }
}

fn failed(error: EngineError) -> ScriptOutput {
    let error = match error {
        EngineError::Stopped(error) => error,
        EngineError::NotStarted(message) => {
            ScriptError { name: "Error".to_owned(), message, line: None, column: None }
        }
    };
    ScriptOutput { error: Some(error), ..ScriptOutput::default() }
}
