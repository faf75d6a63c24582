//! The network between headcount and the journal's server is cut, for longer than a lease and at any statement; the
//! server is restarted at any statement.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use headcount_testkit::postgres::{self, Postgres};
use serde_json::json;

use crate::harness::World;
use crate::leases::{self, leases_end};

/// Passes connections on to the server's port.
struct Proxy {
    port: u16,
    rules: Arc<Rules>,
}

/// What happens when a message is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    /// The network ends all connections.
    Cut,
    /// The server is stopped in the middle of its statements, and started again.
    Restart,
}

#[derive(Default)]
struct Rules {
    /// Nothing passes, neither data nor the end of a connection.
    holds: Mutex<bool>,
    passes: Condvar,
    /// How many messages the clients have sent.
    sent: AtomicUsize,
    /// The message at which there is trouble, and whether it still reaches the server.
    at: Mutex<Option<(usize, bool, Trouble)>>,
    open: Mutex<Vec<TcpStream>>,
    /// A server of the test's own, which can be restarted; held while it restarts.
    server: Mutex<Option<Arc<Postgres>>>,
}

impl Proxy {
    fn start() -> Self {
        Self::to(postgres::server().port(), Rules::default())
    }

    fn to(server: u16, rules: Rules) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let rules = Arc::new(rules);
        let shared = Arc::clone(&rules);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // While it restarts, it refuses connections.
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let clone = |stream: &TcpStream| stream.try_clone().expect("a stream");
                shared.open.lock().expect("whole").extend([clone(&client), clone(&server)]);
                for (from, to, is_client) in [(clone(&client), clone(&server), true), (server, client, false)] {
                    let rules = Arc::clone(&shared);
                    std::thread::spawn(move || rules.copy(from, to, is_client));
                }
            }
        });
        Self { port, rules }
    }

    fn journal(&self, schema: &str, lease: u32) -> String {
        format!(
            "postgres://headcount@127.0.0.1:{}/postgres?schema={schema}&lease={lease}&sslmode=disable",
            self.port
        )
    }

    fn hold(&self, holds: bool) {
        *self.rules.holds.lock().expect("whole") = holds;
        self.rules.passes.notify_all();
    }

    fn trouble_at(&self, message: usize, is_delivered: bool, trouble: Trouble) {
        self.rules.sent.store(0, Ordering::SeqCst);
        *self.rules.at.lock().expect("whole") = Some((message, is_delivered, trouble));
    }

    /// Whether there was trouble; after that, it is over.
    fn was_troubled(&self) -> bool {
        let was = self.rules.at.lock().expect("whole").take().is_none();
        drop(self.rules.server.lock().expect("whole"));
        was
    }
}

impl Rules {
    fn copy(&self, mut from: TcpStream, mut to: TcpStream, is_client: bool) {
        let mut bytes = vec![0; 65_536];
        loop {
            let read = from.read(&mut bytes).unwrap_or(0);
            let holds = self.holds.lock().expect("whole");
            drop(self.passes.wait_while(holds, |holds| *holds).expect("whole"));
            let number = if is_client { self.sent.fetch_add(1, Ordering::SeqCst) } else { 0 };
            let mut at = self.at.lock().expect("whole");
            let now = at.take_if(|(at, ..)| is_client && *at <= number);
            // Taken before the trouble is no longer to come, so that a test can wait for its end.
            let server = now.map(|_| self.server.lock().expect("whole"));
            drop(at);
            let passes = now.is_none_or(|(_, is_delivered, _)| is_delivered) && read > 0;
            let is_broken = passes && to.write_all(&bytes[..read]).is_err();
            match now {
                Some((.., Trouble::Cut)) => self.end_all(),
                Some((.., Trouble::Restart)) => {
                    if let Some(server) = server.as_ref().and_then(|server| server.as_ref()) {
                        server.restart();
                    }
                }
                None => {}
            }
            drop(server);
            if read == 0 || is_broken {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }

    fn end_all(&self) {
        for stream in self.open.lock().expect("whole").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// A worker is cut off for longer than its lease. Another one takes its run; the first one sends nothing more, whether
/// its connections come back or end.
#[test]
fn a_worker_that_is_cut_off_is_replaced_and_sends_nothing_more() {
    for ends in [false, true] {
        let schema = format!("cut_off_{ends}");
        let mut world = leases::world(&schema, 80, 2);
        world.set("HEADCOUNT_JOURNAL", &format!("{}&lease=4", postgres::server().journal(&schema)));
        world.run("member add add.csv --plan").exit(0);
        world.run("run queue last --yes --rate 20 --canary 0").exit(0);
        let proxy = Proxy::start();
        let first = world.command("--json worker --all --once").with("HEADCOUNT_JOURNAL", &proxy.journal(&schema, 4));
        let mut first = first.with("PGPASSWORD", postgres::PASSWORD).start();
        first.settled(5);
        proxy.hold(true);
        leases_end(&schema);
        let second = world.run("worker --all --once");
        assert!(second.stderr.contains(" finished run "), "{}", second.stderr);
        let sent = world.changing();
        if ends {
            proxy.rules.end_all();
        }
        proxy.hold(false);
        first.end().says(" lost run ");
        assert_eq!(world.changing(), sent, "it sent something after it was replaced");
        assert_eq!(world.members("all-hands-new"), 80);
        world.nothing_twice();
    }
}

/// Trouble at any statement, which reaches the server or not. The run continues by itself, or a user resumes it; nothing
/// is done twice, and every row has its outcome.
fn trouble_at_any_statement(server: &Postgres, proxy: &Proxy, trouble: Trouble) {
    let mut world = World::new();
    world.set("HEADCOUNT_JOURNAL", &server.journal("any_statement"));
    let mails: Vec<_> = world.plain_mails().into_iter().take(4).collect();
    let (mut survived, mut number) = (0, 0);
    // Each distance is larger than the one before: the first statements open the journal, many later ones are alike.
    let points = (1..).map(|step| step * (step + 1) / 2);
    for (at, message) in points.enumerate() {
        let group = format!("cut-{message}");
        world.seed(json!({ "groups": [{ "name": group }] }));
        let file = mails.iter().fold("Email,Group\n".to_owned(), |file, mail| file + mail + "," + &group + "\n");
        world.file("four.csv", file);
        world.run("member add four.csv --plan").exit(0);
        proxy.trouble_at(message, at % 2 == 0, trouble);
        let apply = world.command("--json run apply last --yes --concurrency 1");
        let apply = apply.with("HEADCOUNT_JOURNAL", &proxy.journal("any_statement", 30));
        let output = apply.with("PGPASSWORD", postgres::PASSWORD).run();
        let was_troubled = proxy.was_troubled();
        if output.code == 0 {
            survived += 1;
        } else if world.run("run resume last --yes").code != 0 {
            // It was not started.
            world.run("run apply last --yes").exit(0);
        }
        assert_eq!(world.members(&group), 4, "{trouble:?} at message {message}: {}", output.stderr);
        world.nothing_twice();
        number += 1;
        if !was_troubled {
            break;
        }
    }
    // The last life had no trouble.
    assert!(survived >= 1 && number >= 5, "{survived} of {number}");
}

#[test]
fn a_run_survives_the_end_of_its_connections_at_any_statement() {
    trouble_at_any_statement(postgres::server(), &Proxy::start(), Trouble::Cut);
}

#[test]
fn a_run_survives_a_restart_of_the_server_at_any_statement() {
    let server = Arc::new(postgres::another());
    let rules = Rules { server: Mutex::new(Some(Arc::clone(&server))), ..Rules::default() };
    trouble_at_any_statement(&server, &Proxy::to(server.port(), rules), Trouble::Restart);
}
