//! A temporary PostgreSQL for the tests of one process: no service of the system, no port but one of its own.
//!
//! The server is a child of a shell that waits for the end of its standard input. The test process holds the other end,
//! so the server stops and its files go when the process ends, however it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

/// The user of the server, and the password for connections through the port.
pub const USER: &str = "headcount";

/// See [`USER`].
pub const PASSWORD: &str = "k8-Sesame/open?";

const INSTALL: &str = "these tests need PostgreSQL: install the package `postgresql` \
    (Debian: apt-get install --no-install-recommends postgresql), or name the folder of `initdb` and `postgres` in \
    HEADCOUNT_TEST_POSTGRES";

/// Starts the server, prints `ready`, and stops it when its input ends. A line of input names the signal with which it
/// is stopped and started again. Arguments: programs, data, port.
const GUARD: &str = r#"
    bin=$1 data=$2 port=$3
    serve() {
        "$bin/postgres" -D "$data/cluster" -p "$port" >>"$data/log" 2>&1 </dev/null &
        server=$!
        tries=0
        until "$bin/pg_isready" -q -h "$data" -p "$port"; do
            tries=$((tries + 1))
            kill -0 "$server" 2>/dev/null && [ "$tries" -lt 1200 ] || { echo "failed"; exit 1; }
            sleep 0.05
        done
        echo "ready"
    }
    serve
    while read -r signal; do
        kill "-$signal" "$server"
        wait "$server"
        serve
    done
    kill -INT "$server"
    wait "$server"
    cd / && rm -rf "$data"
"#;

/// A server that runs until the process ends.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    guard: Mutex<Guard>,
}

/// The shell that guards the server, and its pipes.
#[derive(Debug)]
struct Guard {
    shell: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Guard {
    /// Whether the server accepts connections; false: another program has the port.
    fn is_ready(&mut self) -> bool {
        let mut said = String::new();
        self.output.read_line(&mut said).unwrap();
        said.trim() == "ready"
    }
}

/// The server of this process; the first call starts it.
///
/// # Panics
/// PostgreSQL is not installed, or does not start.
pub fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start(&programs()))
}

/// Another server, which stops when it is dropped: for tests that change its settings.
///
/// # Panics
/// As [`server`].
pub fn another() -> Postgres {
    Postgres::start(&programs())
}

/// The address of a new journal on the server of this process.
pub fn journal() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    server().journal(&format!("journal_{}", NUMBER.fetch_add(1, Ordering::Relaxed)))
}

impl Postgres {
    /// Through the socket, without a password: the address of the journal of this name.
    pub fn journal(&self, name: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{USER}@{folder}:{}/postgres?schema={name}", self.port)
    }

    /// Through the port, where the server wants a password: the address without user, password, and database.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder with the socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Stops the server without waiting for its statements, and starts it again.
    ///
    /// # Panics
    /// It does not start again.
    pub fn restart(&self) {
        let mut guard = self.guard.lock().unwrap();
        writeln!(guard.input, "QUIT").unwrap();
        assert!(guard.is_ready(), "PostgreSQL does not start again: see {}", self.folder.display());
    }

    /// Executes statements with `psql`; its output.
    ///
    /// # Panics
    /// They fail.
    pub fn execute(&self, statements: &str) -> String {
        let output = Command::new(programs().join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", USER, "-d", "postgres"])
            .args(["-h", &self.folder.display().to_string(), "-p", &self.port.to_string()])
            .args(["-c", statements])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{statements}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// From now on, new connections through the port can be encrypted, with this certificate and key (PEM).
    ///
    /// # Panics
    /// The server does not accept them.
    pub fn encrypt(&self, certificate: &str, key: &str) {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let place = |what: &str| self.folder.join(format!("server-{number}.{what}"));
        for (what, text) in [("crt", certificate), ("key", key)] {
            let file = place(what);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
            if let Some((user, group)) = unprivileged() {
                chown(&file, Some(user), Some(group)).unwrap();
            }
        }
        let (certificate, key) = (place("crt").display().to_string(), place("key"));
        self.execute(&format!("ALTER SYSTEM SET ssl_cert_file = '{certificate}'"));
        self.execute(&format!("ALTER SYSTEM SET ssl_key_file = '{}'", key.display()));
        self.execute("ALTER SYSTEM SET ssl = on");
        self.execute("SELECT pg_reload_conf()");
        // The server reads its settings soon, and a new connection has those of the server.
        while self.execute("SHOW ssl_cert_file") != certificate {}
    }

    fn start(programs: &Path) -> Self {
        let folder = folder();
        let user = unprivileged();
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        initialize(programs, &folder, user);
        for _ in 0..20 {
            let port = free_port();
            if let Some(guard) = serve(programs, &folder, port, user) {
                return Self { folder, port, guard: Mutex::new(guard) };
            }
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {log}");
    }
}

/// Where `initdb` and `postgres` are.
fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os("HEADCOUNT_TEST_POSTGRES") {
        return folder.into();
    }
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready", "psql"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&in_path).filter(has_all).collect();
    // Debian's, which are in no path; the newest version comes last.
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin")).filter(has_all).collect();
    versions.sort();
    folders.extend(versions);
    folders.pop().unwrap_or_else(|| panic!("{INSTALL}"))
}

/// A short path, because that of a socket may have 107 bytes; in memory if there is such a folder.
fn folder() -> PathBuf {
    let parent = if Path::new("/dev/shm").is_dir() { "/dev/shm" } else { "/tmp" };
    for number in 0.. {
        let name = format!("headcount-pg-{}-{number}", std::process::id());
        let folder = Path::new(parent).join(name);
        if std::fs::create_dir(&folder).is_ok() {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
            return folder;
        }
    }
    unreachable!("there is a number that is free");
}

/// The user and group that the server runs as: root may not run it.
fn unprivileged() -> Option<(u32, u32)> {
    let own = Command::new("id").arg("-u").output().unwrap().stdout;
    if String::from_utf8_lossy(&own).trim() != "0" {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).unwrap_or((65_534, 65_534)))
}

fn as_user(command: &mut Command, user: Option<(u32, u32)>) -> &mut Command {
    match user {
        Some((user, group)) => command.uid(user).gid(group),
        None => command,
    }
}

fn initialize(programs: &Path, folder: &Path, user: Option<(u32, u32)>) {
    // The password's file goes with the folder.
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD).unwrap();
    if let Some((user, group)) = user {
        chown(&password, Some(user), Some(group)).unwrap();
    }
    let mut command = Command::new(programs.join("initdb"));
    command.arg("-D").arg(folder.join("cluster")).arg("--pwfile").arg(&password);
    command.args(["-U", USER, "-E", "UTF8", "--locale=C", "--no-sync"]);
    command.args(["--auth-local=trust", "--auth-host=scram-sha-256"]);
    let output = as_user(command.current_dir(folder), user).output().unwrap();
    assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(password).unwrap();
    let mut settings = std::fs::read_to_string(folder.join("cluster/postgresql.conf")).unwrap();
    settings += &format!(
        "\nunix_socket_directories = '{}'\nlisten_addresses = '127.0.0.1'\n\
         max_connections = 400\nshared_buffers = 64MB\nautovacuum_naptime = 5s\n\
         fsync = off\nfull_page_writes = off\n",
        folder.display()
    );
    std::fs::write(folder.join("cluster/postgresql.conf"), settings).unwrap();
}

/// The shell that guards the server; `None`: another program has the port.
fn serve(programs: &Path, folder: &Path, port: u16, user: Option<(u32, u32)>) -> Option<Guard> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", GUARD, "guard"]).arg(programs).arg(folder).arg(port.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // Ctrl-C on the terminal of the tests ends them, and by that the server.
    let mut shell = as_user(command.current_dir(folder).process_group(0), user).spawn().unwrap();
    let (input, output) = (shell.stdin.take().unwrap(), shell.stdout.take().unwrap());
    let mut guard = Guard { shell, input, output: BufReader::new(output) };
    if guard.is_ready() {
        return Some(guard);
    }
    guard.shell.wait().unwrap();
    None
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
