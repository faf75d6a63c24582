//! Encrypted connections to the journal's server, and the ways in which its password is given.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use headcount_testkit::postgres;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

use crate::harness::{Keyring, World};


const JOURNAL: &str = "HEADCOUNT_JOURNAL";

/// A certificate authority.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate")
}

fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    CertificateParams::new(names).expect("names")
}

/// A real handshake with a real server, in each mode.
#[test]
fn the_servers_certificate_is_verified_as_the_mode_says() {
    let mut world = World::new();
    let (own, other) = (authority("Own"), authority("Other"));
    world.file("own.crt", own.pem());
    let server = postgres::another();
    let here = ["localhost", "127.0.0.1"];
    let mut expired = params(&here);
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let mut future = params(&here);
    (future.not_before, future.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1));
    // What counts in the modes verify-full, verify-ca, require with an authority, and require without one.
    for (what, issuer, params, counts) in [
        ("right", &own, params(&here), [true, true, true, true]),
        ("of another host", &own, params(&["db.acme.com"]), [false, true, true, true]),
        ("expired", &own, expired, [false, false, false, true]),
        ("not valid yet", &own, future, [false, false, false, true]),
        ("of another authority", &other, params(&here), [false, false, false, true]),
    ] {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, issuer).expect("a certificate");
        server.encrypt(&certificate.pem(), &key.serialize_pem());
        let modes = [("verify-full", true), ("verify-ca", true), ("require", true), ("require", false)];
        for ((mode, has_authority), counts) in modes.into_iter().zip(counts) {
            for host in here {
                let journal = format!("postgres://headcount@{host}:{}/postgres?sslmode={mode}", server.port());
                let file = world.path("own.crt").display().to_string();
                let command = world.command("journal status").with(JOURNAL, &journal);
                let command = command.with("PGPASSWORD", postgres::PASSWORD);
                let command = if has_authority { command.with("PGSSLROOTCERT", &file) } else { command };
                let output = command.run();
                let context = format!("{what}, {mode}: {}", output.stderr);
                assert_eq!(output.code, if counts { 0 } else { 2 }, "{context}");
                assert!(counts || output.stderr.contains("no secure connection is possible"), "{context}");
            }
        }
    }
}

/// A program between headcount and the server cannot prevent encryption.
#[test]
fn a_server_without_encryption_is_refused_where_encryption_is_wanted() {
    let world = World::new();
    for mode in ["require", "verify-ca", "verify-full"] {
        let journal = format!("postgres://headcount@localhost:{}/postgres?sslmode={mode}", postgres::server().port());
        let command = world.command("journal status").with(JOURNAL, &journal);
        command.with("PGPASSWORD", postgres::PASSWORD).run().exit(2).says("no secure connection is possible");
    }
}

/// `journal_password_command` in the profiles file.
#[test]
fn a_command_prints_the_password_of_the_journal() {
    let mut world = World::new();
    world.file("secret", format!("{}\n", postgres::PASSWORD));
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(world.path("secret"), private).expect("it is there");
    let journal = format!("postgres://headcount@127.0.0.1:{}/postgres?schema=by_command", postgres::server().port());
    world.set(JOURNAL, &journal);
    let secret = world.path("secret").display().to_string();
    world.profiles(&format!("journal_password_command = \"cat {secret}\"\n"));
    world.run("journal init").exit(0).says("Created the journal");
    world.run("run list").exit(0);
    // Its failure is reported, without what it printed.
    for (command, code) in [("cat /nowhere/secret", 3), ("printf wrong-pw-4711", 2)] {
        world.profiles(&format!("journal_password_command = \"{command}\"\n"));
        let output = world.run("run list").exit(code);
        let is_shown = ["wrong-pw-4711", postgres::PASSWORD].iter().any(|secret| output.stderr.contains(secret));
        assert!(!is_shown, "{}", output.stderr);
    }
    // A variable comes first.
    world.command("run list").with("PGPASSWORD", postgres::PASSWORD).run().exit(0);
}

/// `journal password` saves it in the keyring, for all journals of the database.
#[test]
fn the_keyring_keeps_the_password_of_the_journal() {
    let mut world = World::new();
    let Some(keyring) = Keyring::start(&world.path("../home")) else { return };
    world.set("DBUS_SESSION_BUS_ADDRESS", &keyring.address);
    let journal = |rest: &str| format!("postgres://headcount@127.0.0.1:{}/postgres{rest}", postgres::server().port());
    world.set(JOURNAL, &journal("?schema=by_keyring"));
    world.run("run list").exit(2).says("refuses the name or the password");
    world.run("journal password").exit(2).says("no terminal to ask on");
    world.command("journal password --stdin").input("\n").run().exit(2).says("the password is empty");
    let saved = world.command("journal password --stdin").input(format!("{}\n", postgres::PASSWORD)).run().exit(0);
    saved.says("Saved the password for postgres://headcount@127.0.0.1");
    world.run("journal init").exit(0);
    world.set(JOURNAL, &journal("?schema=by_keyring_too"));
    world.run("journal init").exit(0);
    // A journal in a file has none.
    world.unset(JOURNAL);
    world.command("journal password --stdin").input("pw\n").run().exit(2).says("which has no password");
}
