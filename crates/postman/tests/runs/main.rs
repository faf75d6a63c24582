//! Whole runs over real HTTP: what is sent, and the result.

mod changed;
mod refused;
mod rows;
mod secret;
mod sent;
mod server;

use headcount_postman::client::{ClientOptions, HttpClient};
use headcount_postman::load::{DataFile, File, Inputs, NotRun, load};
use headcount_postman::run::{Execution, Progress, Rows, Run, RunOptions, State, Stats, run_all};
use headcount_postman::script::{EngineLimits, Modules, Pool};
use headcount_postman::variables::Mode;
use serde_json::{Value, json};

use server::Server;

/// A file of a run.
fn file(name: &str, text: String) -> Option<File> {
    Some(File { name: name.to_owned(), bytes: text.into_bytes() })
}

/// A collection of these items.
fn collection(items: Value) -> Value {
    json!({"info": {"name": "c"}, "item": items})
}

/// A collection of one request.
fn one(request: Value) -> Value {
    collection(json!([{"name": "r", "request": request}]))
}

/// The files and options of a run.
struct Case {
    collection: Value,
    environment: Value,
    data: Option<&'static str>,
    mode: Mode,
    concurrency: usize,
}

impl Case {
    fn new(collection: Value) -> Self {
        Self { collection, environment: json!({}), data: None, mode: Mode::Safe, concurrency: 1 }
    }

    fn load(&self, server: &Server) -> Result<Run, NotRun> {
        let mut environment = self.environment.clone();
        environment["base"] = json!(server.url());
        let values = environment.as_object().unwrap().iter();
        let values: Vec<_> =
            values.map(|(key, value)| json!({"key": key, "value": value})).collect();
        let inputs = Inputs {
            collection: file("c.json", self.collection.to_string()),
            environment: file("e.json", json!({"values": values}).to_string()),
            data: self.data.map(|data| DataFile {
                name: "data.csv".to_owned(),
                content: Box::new(data.as_bytes()),
                stays_in_memory: false,
            }),
            ..Inputs::default()
        };
        let options =
            RunOptions { mode: self.mode, follow_redirects: true, ..RunOptions::default() };
        load(inputs, &Modules::none(), options)
    }

    /// Runs it and returns all executions and the counts.
    async fn run(&self, server: &Server) -> (Vec<Execution>, Stats) {
        let run = self.load(server).unwrap();
        let client = HttpClient::new(ClientOptions::default()).unwrap();
        let sender = client;
        let pool = Pool::new(EngineLimits::default(), Modules::none());
        let range = 0..run.iterations;
        let concurrency = self.concurrency;
        let rows = Rows { run: &run, range, concurrency, sender: &sender, pool: &pool };
        let (mut executions, mut stats) = (Vec::new(), Stats::default());
        run_all(rows, State::new(&run), |progress| match progress {
            Progress::Execution(execution) => {
                stats.add(&execution);
                executions.push(*execution);
            }
            Progress::Iteration(_) => stats.add_iteration(),
            Progress::Ended(..) => {}
        })
        .await
        .unwrap();
        (executions, stats)
    }
}
