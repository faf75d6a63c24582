//! The network between headcount and the journal's server is cut: for longer than a lease, and at any statement.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use headcount_testkit::postgres;
use serde_json::json;

use crate::harness::World;
use crate::leases::{self, leases_end};

/// Passes connections on to the server's port.
struct Proxy {
    port: u16,
    rules: Arc<Rules>,
}

#[derive(Default)]
struct Rules {
    /// Nothing passes, neither data nor the end of a connection.
    holds: Mutex<bool>,
    passes: Condvar,
    /// How many messages the clients have sent.
    sent: AtomicUsize,
    /// The message at which all connections end, and whether it still reaches the server.
    cut: Mutex<Option<(usize, bool)>>,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let rules = Arc::new(Rules::default());
        let shared = Arc::clone(&rules);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(("127.0.0.1", postgres::server().port())).expect("it is there");
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

    fn cut_at(&self, message: usize, is_delivered: bool) {
        self.rules.sent.store(0, Ordering::SeqCst);
        *self.rules.cut.lock().expect("whole") = Some((message, is_delivered));
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
            let cut = self.cut.lock().expect("whole").take_if(|(at, _)| is_client && *at <= number);
            if cut.is_none_or(|(_, is_delivered)| is_delivered) && read > 0 && to.write_all(&bytes[..read]).is_err() {
                break;
            }
            if cut.is_some() {
                self.end_all();
            }
            if read == 0 {
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

/// The connections end at any statement, which reaches the server or not. The run continues by itself, or a user resumes
/// it; nothing is done twice, and every row has its outcome.
#[test]
fn a_run_survives_the_end_of_its_connections_at_any_statement() {
    let mut world = World::new();
    world.set("HEADCOUNT_JOURNAL", &postgres::server().journal("any_statement"));
    let mails: Vec<_> = world.plain_mails().into_iter().take(4).collect();
    let proxy = Proxy::start();
    let (mut survived, mut number) = (0, 0);
    // Each distance is larger than the one before: the first statements open the journal, many later ones are alike.
    let points = (1..).map(|step| step * (step + 1) / 2);
    for (at, message) in points.enumerate() {
        let group = format!("cut-{message}");
        world.seed(json!({ "groups": [{ "name": group }] }));
        let file = mails.iter().fold("Email,Group\n".to_owned(), |file, mail| file + mail + "," + &group + "\n");
        world.file("four.csv", file);
        world.run("member add four.csv --plan").exit(0);
        proxy.cut_at(message, at % 2 == 0);
        let apply = world.command("--json run apply last --yes --concurrency 1");
        let apply = apply.with("HEADCOUNT_JOURNAL", &proxy.journal("any_statement", 30));
        let output = apply.with("PGPASSWORD", postgres::PASSWORD).run();
        let is_cut = proxy.rules.cut.lock().expect("whole").take().is_none();
        if output.code == 0 {
            survived += 1;
        } else if world.run("run resume last --yes").code != 0 {
            // It was not started.
            world.run("run apply last --yes").exit(0);
        }
        assert_eq!(world.members(&group), 4, "message {message}: {}", output.stderr);
        world.nothing_twice();
        number += 1;
        if !is_cut {
            break;
        }
    }
    // The last life was not cut.
    assert!(survived >= 1 && number >= 5, "{survived} of {number}");
}
