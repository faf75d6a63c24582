//! Problems between the program and the site: no such name, no server, certificates of another site. The message
//! helps an administrator, and no credential is sent.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{CertificateParams, CertifiedIssuer, DnType, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::harness::World;

const ADD: &str = "member add samples/member-add.csv --yes";

/// A certificate authority.
struct Issuer(CertifiedIssuer<'static, KeyPair>);

impl Issuer {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }
}

/// A server with TLS and such a certificate that answers 401 to every request.
struct Server {
    port: u16,
    /// The bytes that it has read after the handshake; a credential would be among the first.
    read: Arc<AtomicUsize>,
}

impl Server {
    fn start(issuer: &Issuer, params: CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &issuer.0).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let read = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        // Ends with the tests.
        std::thread::spawn(move || {
            for mut tcp in listener.incoming().flatten() {
                let Ok(mut tls) = ServerConnection::new(Arc::clone(&config)) else { continue };
                let mut stream = Stream::new(&mut tls, &mut tcp);
                let mut request = [0; 4096];
                if let Ok(read) = stream.read(&mut request) {
                    counted.fetch_add(read, Ordering::SeqCst);
                    let _ = stream.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n");
                }
            }
        });
        Self { port, read }
    }

    fn read(&self) -> usize {
        self.read.load(Ordering::SeqCst)
    }
}

fn for_names(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    CertificateParams::new(names).expect("names")
}

/// A world with a site at this address, on a computer that trusts this issuer.
fn world(url: &str, trusted: Option<&Issuer>) -> World {
    let mut world = World::new().token_alone();
    world.unset("HEADCOUNT_ADMIN_URL");
    world.set("HEADCOUNT_CLOUD_URL", url);
    let trusted = trusted.map_or_else(|| Issuer::new("somebody else").0.pem(), |issuer| issuer.0.pem());
    world.file("trusted.pem", trusted);
    // Linux programs use these certificates instead of the system's.
    let path = world.path("trusted.pem").display().to_string();
    world.set("SSL_CERT_FILE", &path);
    world
}

#[test]
fn a_host_name_without_an_address() {
    let world = world("https://nothing.invalid", None);
    world.run(ADD).exit(5).says("this name has no address").says("check its spelling");
    let events = world.run(&format!("--json {ADD}")).exit(5).events();
    assert_eq!(events.last("state"), "failed");
}

#[test]
fn a_port_without_a_server() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = port.expect("a port").port();
    let world = world(&format!("https://localhost:{port}"), None);
    insta::assert_snapshot!(world.run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: https://localhost:PORT cannot be reached: nothing answers there (Connection refused (os error 111)); check the address and the port
    hint: nothing was sent; try again later
    ─── exit 5
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_certificate_that_is_trusted_and_one_that_is_not() {
    let issuer = Issuer::new("an issuer");
    let server = Server::start(&issuer, for_names(&["localhost"]));
    let url = format!("https://localhost:{}", server.port);
    insta::assert_snapshot!(world(&url, None).run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: no safe connection to https://localhost:PORT: this computer does not trust the issuer of its certificate
    hint: nothing was sent, not even the credential. Check the address. If a company's proxy opens TLS connections, the operating system must trust its certificate; on Linux the variable SSL_CERT_FILE can name a file of trusted certificates
    ─── exit 5
    ");
    assert_eq!(server.read(), 0, "the key was sent");
    // If the issuer is trusted, the site is called and refuses the credential.
    world(&url, Some(&issuer)).run(ADD).exit(3);
    assert!(server.read() > 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_certificate_of_another_site() {
    let issuer = Issuer::new("an issuer");
    let server = Server::start(&issuer, for_names(&["other.example", "another.example"]));
    let url = format!("https://localhost:{}", server.port);
    insta::assert_snapshot!(world(&url, Some(&issuer)).run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: no safe connection to https://localhost:PORT: its certificate is another site's: not localhost's, but other.example, another.example
    hint: nothing was sent, not even the credential. Check the address. If a company's proxy opens TLS connections, the operating system must trust its certificate; on Linux the variable SSL_CERT_FILE can name a file of trusted certificates
    ─── exit 5
    ");
    assert_eq!(server.read(), 0, "the key was sent");
}

#[cfg(target_os = "linux")]
#[test]
fn a_certificate_before_and_after_its_time() {
    let issuer = Issuer::new("an issuer");
    let mut expired = for_names(&["localhost"]);
    expired.not_before = date_time_ymd(2001, 1, 1);
    expired.not_after = date_time_ymd(2002, 1, 1);
    let mut early = for_names(&["localhost"]);
    early.not_before = date_time_ymd(3001, 1, 1);
    early.not_after = date_time_ymd(3002, 1, 1);
    for (params, words) in [(expired, "expired"), (early, "not valid yet")] {
        let server = Server::start(&issuer, params);
        let world = world(&format!("https://localhost:{}", server.port), Some(&issuer));
        world.run(ADD).exit(5).says(words).says("clock is wrong");
        assert_eq!(server.read(), 0, "the key was sent");
    }
}

/// A bare container has no certificates.
#[cfg(target_os = "linux")]
#[test]
fn no_certificates_at_all() {
    let mut world = world("https://localhost:1", None);
    world.file("trusted.pem", "");
    insta::assert_snapshot!(world.run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: no safe connection to https://localhost:PORT: this computer has no certificates to check the site's with (No CA certificates were loaded from the system); on Linux install the package ca-certificates
    hint: nothing was sent, not even the credential. Check the address. If a company's proxy opens TLS connections, the operating system must trust its certificate; on Linux the variable SSL_CERT_FILE can name a file of trusted certificates
    ─── exit 5
    ");
}

#[test]
fn a_site_that_does_not_speak_tls() {
    let plain = World::new();
    let world = world(&plain.card().url.replace("http://127.0.0.1", "https://localhost"), None);
    insta::assert_snapshot!(world.run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: no safe connection to https://localhost:PORT: the server there does not speak TLS
    hint: nothing was sent, not even the credential. Check the address. If a company's proxy opens TLS connections, the operating system must trust its certificate; on Linux the variable SSL_CERT_FILE can name a file of trusted certificates
    ─── exit 5
    ");
    plain.nothing_sent();
}

/// A company's proxy. It opens a tunnel to one port of this computer, whatever host is requested, or answers with
/// another status.
struct Proxy {
    port: u16,
    /// The heads of the requests that it received.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(to: u16, status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&asked);
        // Ends with the tests.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let heads = Arc::clone(&heads);
                std::thread::spawn(move || tunnel(client, to, status, &heads));
            }
        });
        Self { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test has failed").clone()
    }
}

fn tunnel(mut client: TcpStream, to: u16, status: &str, heads: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    heads.lock().expect("no test has failed").push(String::from_utf8_lossy(&head).into_owned());
    let answer = format!("HTTP/1.1 {status}\r\n\r\n");
    if client.write_all(answer.as_bytes()).is_err() || !status.starts_with("200") {
        return;
    }
    let Ok(mut site) = TcpStream::connect(("127.0.0.1", to)) else { return };
    let (Ok(mut from), Ok(mut back)) = (client.try_clone(), site.try_clone()) else { return };
    let there = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut site);
        let _ = site.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut back, &mut client);
    let _ = client.shutdown(std::net::Shutdown::Both);
    let _ = there.join();
}

/// The proxy sees only the host's name; the site gets the requests.
#[cfg(target_os = "linux")]
#[test]
fn through_a_proxy() {
    let issuer = Issuer::new("an issuer");
    let server = Server::start(&issuer, for_names(&["acme.example"]));
    let proxy = Proxy::start(server.port, "200 Connection established");
    let at = format!("http://ann:hunter22@127.0.0.1:{}", proxy.port);
    let behind = |trusted| {
        let mut world = world("https://acme.example", trusted);
        world.secret("hunter22");
        world.secret("YW5uOmh1bnRlcjIy");
        world
    };
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let mut world = behind(Some(&issuer));
        world.set(name, &at);
        let before = (server.read(), proxy.asked().len());
        world.run(ADD).exit(3);
        assert!(server.read() > before.0, "{name}: nothing came to the site");
        // A second call confirms the 401.
        assert_eq!(proxy.asked().len(), before.1 + 2, "{name}");
    }
    let asked = proxy.asked();
    assert!(asked[0].starts_with("CONNECT acme.example:443 HTTP/1.1\r\n"), "{asked:?}");
    assert!(asked[0].contains("Basic YW5uOmh1bnRlcjIy\r\n"), "{asked:?}");
    assert!(asked.iter().all(|head| !head.contains("myself")), "{asked:?}");
    // The proxy is named without its user name and password.
    let mut world = behind(Some(&issuer));
    world.set("HTTPS_PROXY", &at);
    world.run("profile check").exit(3).snap("proxy-check");
    // This certificate is not trusted: nothing is sent, as without a proxy.
    let sent = server.read();
    let mut world = behind(None);
    world.set("HTTPS_PROXY", &at);
    insta::assert_snapshot!(world.run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: no safe connection to https://acme.example: this computer does not trust the issuer of its certificate (by the proxy 127.0.0.1:PORT)
    hint: nothing was sent, not even the credential. Check the address. If a company's proxy opens TLS connections, the operating system must trust its certificate; on Linux the variable SSL_CERT_FILE can name a file of trusted certificates
    ─── exit 5
    ");
    assert_eq!(server.read(), sent, "the key was sent");
}

#[test]
fn a_proxy_that_opens_no_way() {
    let world = world("https://acme.example", None);
    for (status, name) in [
        ("403 Forbidden", "proxy-refuses"),
        ("407 Proxy Authentication Required", "proxy-wants-a-password"),
    ] {
        let proxy = Proxy::start(1, status);
        let at = format!("http://127.0.0.1:{}", proxy.port);
        world.command(ADD).with("HTTPS_PROXY", &at).run().exit(5).snap(name);
        assert!(!proxy.asked().is_empty());
        let found = world.command("profile check").with("HTTPS_PROXY", &at).run().exit(5).stdout;
        assert!(found.contains(": the proxy 127.0.0.1:"), "{found}");
    }
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let nobody = format!("http://127.0.0.1:{}", port.expect("a port").port());
    insta::assert_snapshot!(world.command(ADD).with("HTTPS_PROXY", &nobody).run().exit(5).transcript(), @r"
    $ HTTPS_PROXY=http://127.0.0.1:PORT headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: https://acme.example cannot be reached: the proxy 127.0.0.1:PORT cannot be reached: nothing answers there (Connection refused (os error 111)); check the address and the port
    hint: nothing was sent; try again later
    ─── exit 5
    ");
    world.command(ADD).with("HTTPS_PROXY", "http://nothing.invalid:8080").run().exit(5)
        .says("the proxy nothing.invalid:8080 cannot be reached")
        .says("this name has no address");
    insta::assert_snapshot!(world.command(ADD).with("ALL_PROXY", "socks5://127.0.0.1:1").run().exit(2).transcript(), @r"
    $ ALL_PROXY=socks5://127.0.0.1:PORT headcount member add samples/member-add.csv --yes
    ─── stderr
    error: ALL_PROXY names a socks5 proxy, which headcount does not support; write http://
    hint: if there is no proxy, unset the variable; if some hosts need no proxy, name them in NO_PROXY
    ─── exit 2
    ");
}

/// A proxy that accepts no name and password is named with its kinds of sign-in, and with the way out.
#[test]
fn a_proxy_with_another_sign_in_is_named() {
    let world = world("https://acme.example", None);
    for (headers, wanted) in [
        ("Proxy-Authenticate: NTLM", "accepts only NTLM, which headcount does not support"),
        ("Proxy-Authenticate: Negotiate", "accepts only Negotiate (Kerberos), which"),
        ("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM", "only Negotiate (Kerberos) and NTLM, which"),
        ("Proxy-Authenticate: Digest realm=\"x\"", "accepts only Digest, which"),
        ("Proxy-Authenticate: Basic realm=\"x\"", "needs a different name and password"),
        ("Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"x\"", "needs a different name and password"),
    ] {
        let status = format!("407 Proxy Authentication Required\r\n{headers}");
        let proxy = Proxy::start(1, status.leak());
        let at = format!("http://127.0.0.1:{}", proxy.port);
        let told = world.command(ADD).with("HTTPS_PROXY", &at).run().exit(5).says(wanted).says("Px or Cntlm");
        assert!(told.stderr.contains(&format!("the proxy 127.0.0.1:{}", proxy.port)), "{}", told.stderr);
        let found = world.command("profile check").with("HTTPS_PROXY", &at).run().exit(5).stdout;
        assert!(found.contains(wanted), "{found}");
    }
}

/// This computer, and hosts in NO_PROXY, are called directly.
#[test]
fn who_needs_no_proxy() {
    let world = World::new();
    let proxy = Proxy::start(1, "403 Forbidden");
    let at = format!("http://127.0.0.1:{}", proxy.port);
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        world.command("member add samples/member-add.csv --plan").with(name, &at).run().exit(0);
    }
    // The built-in sandbox starts even if the variable is wrong.
    world.command("--profile sandbox member add samples/member-add.csv --plan")
        .with("HTTPS_PROXY", "ftp://p")
        .run()
        .exit(0);
    let world = self::world("https://nothing.invalid", None);
    let direct = world.command(ADD).with("HTTPS_PROXY", &at).with("NO_PROXY", "other.example,.invalid");
    direct.run().exit(5).says("this name has no address");
    assert_eq!(proxy.asked(), Vec::<String>::new());
}

/// A collection's requests use the proxy, too. A request that the proxy refuses was not sent.
#[test]
fn a_collection_goes_through_the_proxy() {
    let mut world = World::new();
    let proxy = Proxy::start(1, "403 Forbidden");
    let at = format!("http://ann:hunter22@127.0.0.1:{}", proxy.port);
    let collection = serde_json::json!({
        "info": {"name": "c", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": "r", "request": {"method": "POST", "url": "https://acme.example/x"}}],
    });
    world.file("c.json", collection.to_string());
    for line in ["postman run c.json", "postman run c.json --as-newman"] {
        let before = proxy.asked().len();
        world.command(line).with("HTTPS_PROXY", &at).run().exit(1);
        let asked = proxy.asked();
        assert_eq!(asked.len(), before + 1, "{line}");
        assert!(asked[before].contains("acme.example:443"), "{asked:?}");
        let run = world.command(line).with("HTTPS_PROXY", &at).with("NO_PROXY", "acme.example").run();
        run.exit(1);
        assert_eq!(proxy.asked().len(), before + 1, "{line}: NO_PROXY");
    }
    assert_eq!(world.run("run list").exit(0).stdout.lines().count(), 2);
}

/// A request to an http address goes to the proxy completely, with the proxy's own credential.
#[test]
fn a_collection_of_http_addresses_goes_through_the_proxy() {
    let mut world = World::new();
    let proxy = Proxy::start(1, "204 No Content");
    let at = format!("http://ann:hunter22@127.0.0.1:{}", proxy.port);
    let collection = serde_json::json!({
        "info": {"name": "c", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": "r", "request": {"method": "POST", "url": "http://acme.example:8123/x?a=b",
            "header": [{"key": "X-Own", "value": "1"}]}}],
    });
    world.file("c.json", collection.to_string());
    for line in ["postman run c.json", "postman run c.json --as-newman"] {
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
            let before = proxy.asked().len();
            let run = world.command(line).with(name, &at).run().exit(0);
            assert!(!format!("{}{}", run.stdout, run.stderr).contains("hunter22"), "{line}");
            let asked = proxy.asked();
            assert_eq!(asked.len(), before + 1, "{line} {name}");
            let head = &asked[before];
            assert!(head.starts_with("POST http://acme.example:8123/x?a=b HTTP/1.1\r\n"), "{head}");
            for line in ["Host: acme.example:8123", "X-Own: 1", "Proxy-Authorization: Basic YW5uOmh1bnRlcjIy"] {
                assert!(head.contains(&format!("{line}\r\n")), "{line}: {head}");
            }
        }
        // The proxy for https is not used, and this computer needs none.
        let before = proxy.asked().len();
        world.command(line).with("HTTPS_PROXY", &at).with("NO_PROXY", "x").run().exit(1);
        world.command(line).with("HTTP_PROXY", &at).with("NO_PROXY", "acme.example").run().exit(1);
        assert_eq!(proxy.asked().len(), before, "{line}");
        world.command(line).with("HTTP_PROXY", "socks5://127.0.0.1:1").run().exit(2).says("HTTP_PROXY");
        let away = world.command(line).with("HTTP_PROXY", "http://127.0.0.1:1").run().exit(1);
        assert!(format!("{}{}", away.stdout, away.stderr).contains("the proxy 127.0.0.1:1 cannot be reached"));
    }
    // No Atlassian address is http, so this variable has no effect there.
    world.command("member add samples/member-add.csv --plan").with("HTTP_PROXY", "socks5://127.0.0.1:1").run().exit(0);
}
