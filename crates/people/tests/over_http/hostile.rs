//! Answers that no server should give. Each becomes an error that shows whether the change may have happened, with
//! the evidence; never a panic, a hang or a leaked credential.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use headcount_atlassian::endpoint::Endpoint;
use headcount_atlassian::proxy::Proxies;
use headcount_atlassian::records::Change;
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{CallError, CallErrorKind, Effect, Limits, Site};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Rogue, TOKEN, access, answer, open, permit, seconds};

async fn create(site: &Site) -> Result<Option<AccountId>, CallError> {
    let permit = permit(site, Endpoint::JiraCreateUser);
    let jira = site.jira.as_ref().unwrap();
    let created = jira.create_user(permit, "a@example.com", &[Product::JiraSoftware]).await?;
    Ok(created.account)
}

async fn add(site: &Site) -> Result<Change, CallError> {
    let permit = permit(site, Endpoint::JiraAddMember);
    let id = AccountId::parse("a").unwrap();
    site.jira.as_ref().unwrap().add_member(permit, &GroupId::new("g"), &id).await
}

#[tokio::test]
async fn a_201_without_an_id_is_odd_and_with_a_bad_one_unnamed() {
    let rogue = Rogue::saying(answer("201 Created", "", "{}")).await;
    let error = create(&rogue.site()).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Odd, Effect::Unknown));
    let rogue = Rogue::saying(answer("201 Created", "", r#"{"accountId":"no id at all"}"#)).await;
    assert_eq!(create(&rogue.site()).await, Ok(None));
}

#[tokio::test]
async fn what_is_no_data_is_odd_and_its_effect_unknown() {
    for body in
        ["", "null", "[]", "<html><title>Oops</title></html>", "{\"accountId\":", "\u{1b}[2J"]
    {
        let rogue = Rogue::saying(answer("201 Created", "", body)).await;
        let error = create(&rogue.site()).await.unwrap_err();
        assert_eq!(
            (error.kind.clone(), error.effect),
            (CallErrorKind::Odd, Effect::Unknown),
            "{body}"
        );
        assert_eq!(error.status, Some(201));
        assert!(!format!("{error}{error:?}").contains('\u{1b}'));
        assert_eq!(rogue.requests(), 1);
    }
}

#[tokio::test]
async fn an_html_502_is_a_server_error_with_its_title() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>";
    let rogue = Rogue::saying(answer("502 Bad Gateway", "content-type: text/html\r\n", page)).await;
    let error = add(&rogue.site()).await.unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Server, Effect::Unknown));
    assert_eq!(error.words, "a web page instead of data: 502 Bad Gateway");
    assert!(error.evidence.contains("502 Bad Gateway"));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_here() {
    let elsewhere = Rogue::saying(answer("200 OK", "", "{}")).await;
    let location = format!("location: {}/steal\r\n", elsewhere.url);
    let rogue = Rogue::saying(answer("302 Found", &location, "")).await;
    let site = rogue.site();
    let error = add(&site).await.unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Redirected, Effect::None));
    assert!(error.words.contains("the site redirects to"), "{error}");
    let error = site.jira.as_ref().unwrap().myself().await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Redirected);
    assert_eq!(elsewhere.requests(), 0);
}

#[tokio::test]
async fn an_echoed_key_is_masked_also_across_the_cut() {
    let padding = "x".repeat(290);
    let body = format!(r#"{{"errorMessages":["{padding}{TOKEN} {TOKEN}"]}}"#);
    let rogue = Rogue::saying(answer("400 Bad Request", "", &body)).await;
    let error = add(&rogue.site()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("jira-token"), "{shown}");
    assert!(error.words.chars().count() <= 1000 && error.evidence.chars().count() <= 300);
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_effect_unknown() {
    for bytes in ["", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\ncontent-le"] {
        let rogue = Rogue::saying(bytes).await;
        let error = add(&rogue.site()).await.unwrap_err();
        assert_eq!(
            (error.kind.clone(), error.effect),
            (CallErrorKind::Lost, Effect::Unknown),
            "{bytes}"
        );
        assert_eq!(rogue.requests(), 1, "a change is sent once");
    }
    // The status shows that the change was made; the rest of the body is not needed.
    let half = "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"name\":";
    let rogue = Rogue::saying(half).await;
    assert_eq!(add(&rogue.site()).await, Ok(Change::Done { status: 201 }));
    let error = create(&rogue.site()).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Lost, Effect::Unknown));
}

/// A cut-off “already a member”: it is certain that nothing was changed, but not why. Refusals whose status alone
/// shows the reason are reported.
#[tokio::test]
async fn half_a_refusal_is_asked_again_rather_than_guessed() {
    let half = |status: &str| {
        format!("HTTP/1.1 {status}\r\ncontent-length: 100\r\n\r\n{{\"errorMessages\":[\"Cannot")
    };
    for status in ["400 Bad Request", "403 Forbidden", "404 Not Found", "409 Conflict"] {
        let rogue = Rogue::saying(half(status)).await;
        let error = add(&rogue.site()).await.unwrap_err();
        assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Lost, Effect::None));
        assert_eq!(error.status, status[..3].parse().ok());
        let error = rogue.site().jira.as_ref().unwrap().myself().await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::Lost);
        assert_eq!(rogue.requests(), 3, "one change, and a read that was tried twice");
    }
    for (status, kind) in [
        ("401 Unauthorized", CallErrorKind::Credential),
        ("402 Payment Required", CallErrorKind::Licence),
        ("429 Too Many Requests", CallErrorKind::RateLimited),
    ] {
        let rogue = Rogue::saying(half(status)).await;
        let error = add(&rogue.site()).await.unwrap_err();
        assert_eq!((error.kind, error.effect), (kind, Effect::None));
    }
}

#[tokio::test]
async fn what_is_not_http_is_odd() {
    for bytes in [
        "SSH-2.0-OpenSSH_9.6\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(200_000)),
        format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(500)),
    ] {
        let rogue = Rogue::saying(bytes).await;
        let error = add(&rogue.site()).await.unwrap_err();
        assert_eq!(
            (error.kind.clone(), error.effect),
            (CallErrorKind::Odd, Effect::Unknown),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_bound() {
    let rogue = Rogue::doing(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
        while stream.write_all(chunk.as_bytes()).await.is_ok() {}
    })
    .await;
    let site = rogue.site_with(Limits { body: 1_000_000, ..Limits::default() });
    let error = site.jira.as_ref().unwrap().myself().await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Odd);
    assert!(error.words.contains("larger than 1000000 bytes"), "{error}");
    assert_eq!(error.evidence.chars().count(), 300);
}

/// Every answer has a maximum size, even if the body is a gigabyte: the rest is not read.
#[tokio::test]
async fn of_a_gigabyte_no_more_than_the_bound_is_read() {
    let written = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&written);
    let rogue = Rogue::doing(move |mut stream| {
        let counted = Arc::clone(&counted);
        async move {
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n").await;
            let part = [b'a'; 64 * 1024];
            while stream.write_all(&part).await.is_ok() {
                counted.fetch_add(part.len(), Ordering::SeqCst);
            }
        }
    })
    .await;
    let limits = Limits { read_attempts: 1, ..Limits::default() };
    let error = rogue.site_with(limits.clone()).jira.unwrap().myself().await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Odd, Effect::None));
    // The sockets' buffers hold some more bytes.
    assert!(written.load(Ordering::SeqCst) < limits.body + 64 * 1024 * 1024);
}

/// Compressed answers were not requested, so they are not decompressed.
#[tokio::test]
async fn a_compressed_answer_is_odd() {
    let bomb = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xec, 0xc1, 1, 1, 0, 0, 0];
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        bomb.len()
    )
    .into_bytes();
    answer.extend(bomb);
    let rogue = Rogue::saying(answer).await;
    let error = rogue.site().jira.unwrap().myself().await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Odd);
    assert!(!format!("{error} {}", error.evidence).contains(|c: char| c.is_control()));
}

#[tokio::test]
async fn text_that_is_no_text_is_odd() {
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n".to_vec();
    answer.extend(b"{\"a\":\"\xff\xfe\xc0\x80\"}");
    let rogue = Rogue::saying(answer).await;
    let error = rogue.site().jira.unwrap().myself().await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Odd, Effect::None));
}

/// Two different lengths, or both ways to state a length: a client that believes one of them could read another
/// user's answer.
#[tokio::test]
async fn an_answer_with_two_lengths_is_odd() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 30\r\n\r\n{}";
    let rogue = Rogue::saying(answer).await;
    let error = add(&rogue.site()).await.unwrap_err();
    assert_eq!(
        (error.kind.clone(), error.effect),
        (CallErrorKind::Odd, Effect::Unknown),
        "{error}"
    );
}

/// Some interim answers are skipped; an endless series of them fails after a time limit.
#[tokio::test]
async fn interim_answers_are_passed_over_but_not_for_ever() {
    let some = "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".repeat(20);
    let rogue =
        Rogue::saying(format!("{some}{}", answer("200 OK", "", r#"{"accountId":"me"}"#))).await;
    assert!(rogue.site().jira.unwrap().myself().await.is_ok());

    let rogue = Rogue::doing(|mut stream| async move {
        let part = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
        while stream.write_all(part.as_bytes()).await.is_ok() {}
    })
    .await;
    let whole = Duration::from_millis(300);
    let site = rogue.site_with(Limits { whole, read_attempts: 1, ..Limits::default() });
    let error = add(&site).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Timeout, Effect::Unknown));
}

/// The server closes a kept connection: a read uses a new one. A change whose connection breaks before the first
/// byte of the answer may have been read, so its effect is unknown.
#[tokio::test]
async fn a_change_on_a_kept_connection_that_breaks_is_unknown_unless_nothing_was_written() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    // Answers the first request of each connection, reads the second, and closes the connection.
    let rogue = Rogue::doing(move |mut stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            let me = answer("200 OK", "", r#"{"accountId":"me"}"#);
            let _ = stream.write_all(me.as_bytes()).await;
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
        }
    })
    .await;
    let site = rogue.site();
    site.jira.as_ref().unwrap().myself().await.unwrap();
    let error = add(&site).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Lost, Effect::Unknown));
    assert_eq!(connections.load(Ordering::SeqCst), 1, "the change was not sent a second time");
}

/// A host name that does not exist; `.invalid` is reserved for this (RFC 2606).
#[tokio::test]
async fn an_unknown_host_is_unreachable_without_effect() {
    let limits = Limits::default();
    let site = open(
        &access("https://nothing.invalid"),
        Transport::network(&limits, &Proxies::none()),
        limits,
    );
    let error = add(&site).await.unwrap_err();
    assert_eq!(error.effect, Effect::None);
    assert!(matches!(error.kind, CallErrorKind::Unreachable | CallErrorKind::Untrusted), "{error}");
}

#[tokio::test]
async fn a_closed_port_is_unreachable_without_effect() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let limits = Limits::default();
    let site = open(
        &access(&format!("http://127.0.0.1:{port}")),
        Transport::network(&limits, &Proxies::none()),
        limits,
    );
    let error = add(&site).await.unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Unreachable, Effect::None));
    assert!(error.words.contains("refused"), "{error}");
}

#[tokio::test]
async fn https_to_a_server_without_tls_is_not_trusted() {
    let rogue = Rogue::saying("HTTP/1.1 200 OK\r\n\r\n").await;
    let limits = Limits::default();
    let url = rogue.url.replace("http://", "https://");
    let site = open(&access(&url), Transport::network(&limits, &Proxies::none()), limits);
    let error = add(&site).await.unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Untrusted, Effect::None));
}

/// With a virtual clock and streams in memory, time limits pass immediately.
mod in_virtual_time {
    use super::*;
    use std::io;
    use std::sync::atomic::AtomicU32;
    use tokio::io::DuplexStream;
    use tokio::time::Instant;

    fn limits() -> Limits {
        Limits { read_attempts: 1, ..Limits::default() }
    }

    /// A site whose server gets each connection after its request was read.
    fn site<F, Fut>(serve: F) -> Site
    where
        F: Fn(DuplexStream) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let transport = Transport::through(&limits(), move |_| {
            let serve = serve.clone();
            async move {
                let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    if theirs.read(&mut request).await.is_ok_and(|read| read > 0) {
                        serve(theirs).await;
                    }
                });
                Ok(ours)
            }
        });
        open(&access("http://localhost:1"), transport, limits())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_loris_is_given_up_after_the_whole_limit() {
        let start = Instant::now();
        let site = site(|mut stream| async move {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(seconds(5)).await;
            }
        });
        let error = add(&site).await.unwrap_err();
        assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Timeout, Effect::Unknown));
        assert_eq!(start.elapsed().as_secs(), 60);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_given_up_too() {
        let site = site(|mut stream| async move {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n").await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(seconds(5)).await;
            }
        });
        let error = site.jira.as_ref().unwrap().myself().await.unwrap_err();
        assert_eq!((error.kind, error.effect), (CallErrorKind::Timeout, Effect::None));
    }

    #[tokio::test(start_paused = true)]
    async fn no_connection_within_its_limit_is_unreachable() {
        let limits = Limits { read_attempts: 1, ..Limits::default() };
        let transport = Transport::through(&limits, |_| async {
            std::future::pending::<()>().await;
            Err::<DuplexStream, _>(io::Error::other("never"))
        });
        let site = open(&access("http://localhost:1"), transport, limits);
        let start = Instant::now();
        let error = add(&site).await.unwrap_err();
        assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Unreachable, Effect::None));
        assert!(error.words.contains("within 10 s"), "{error}");
        assert_eq!(start.elapsed().as_secs(), 10);
    }

    /// Answers 429 with these headers a few times, then 200 with this body.
    fn refusing(times: u32, headers: &'static str) -> (Site, Arc<AtomicU32>) {
        let count = Arc::new(AtomicU32::new(0));
        let counted = count.clone();
        let site = site(move |mut stream| {
            let asked = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                let text = if asked < times {
                    answer("429 Too Many Requests", &format!("connection: close\r\n{headers}"), "")
                } else {
                    answer("200 OK", "connection: close\r\n", r#"{"accountId":"me"}"#)
                };
                let _ = stream.write_all(text.as_bytes()).await;
            }
        });
        (site, count)
    }

    #[tokio::test(start_paused = true)]
    async fn an_hour_of_retry_after_is_waited_for_and_passes_at_once() {
        let (site, count) = refusing(1, "retry-after: 3600\r\n");
        let start = Instant::now();
        site.jira.as_ref().unwrap().myself().await.unwrap();
        assert!(start.elapsed() >= seconds(3600) && start.elapsed() < seconds(3700));
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_says_not_how_long_is_waited_for_longer_and_longer() {
        for headers in [
            "",
            "retry-after: 0\r\n",
            "retry-after: -31536000\r\n",
            "retry-after: Wed, 21 Nov 1990 10:00:00 GMT\r\n",
            "retry-after: soon\r\n",
        ] {
            let (site, count) = refusing(6, headers);
            let start = Instant::now();
            site.jira.as_ref().unwrap().myself().await.unwrap();
            let waited = start.elapsed();
            assert!(waited > seconds(10) && waited < seconds(120), "{headers}: {waited:?}");
            assert_eq!(count.load(Ordering::SeqCst), 7);
        }
    }

    /// After a wait that is longer than the limit, the request is not sent again.
    #[tokio::test(start_paused = true)]
    async fn a_wait_of_years_gives_up_at_once() {
        for headers in [
            "retry-after: 86401\r\n",
            "retry-after: 100000000\r\n",
            "retry-after: 99999999999999999999999\r\n",
            "retry-after: Sat, 21 Nov 2099 10:00:00 GMT\r\n",
            "date: Sat, 21 Nov 2026 10:00:00 GMT\r\nretry-after: Sun, 21 Nov 2027 10:00:00 GMT\r\n",
            "date: Sat, 21 Nov 2026 10:00:00 GMT\r\nx-ratelimit-reset: 4102444800\r\n",
            "ratelimit-reset: 100000000\r\n",
            "beta-ratelimit: \"quota\";r=0;t=100000000\r\n",
        ] {
            let (site, count) = refusing(6, headers);
            let start = Instant::now();
            let error = site.jira.as_ref().unwrap().myself().await.unwrap_err();
            assert_eq!(error.kind, CallErrorKind::RateLimited, "{headers}");
            assert!(error.to_string().contains("longer than a day"), "{headers}: {error}");
            // The next caller does not send it, either.
            let again = site.jira.as_ref().unwrap().myself().await.unwrap_err();
            assert_eq!(again.kind, CallErrorKind::RateLimited, "{headers}");
            assert_eq!((count.load(Ordering::SeqCst), start.elapsed()), (1, Duration::ZERO));
        }
    }

    /// Callers that already waited for a place when the wait was announced do not send it, either.
    #[tokio::test(start_paused = true)]
    async fn who_waits_for_a_place_does_not_wait_for_years() {
        let (site, count) = refusing(u32::MAX, "retry-after: 100000000\r\n");
        let jira = site.jira.as_ref().unwrap();
        let start = Instant::now();
        let reads = futures_util::future::join_all((0..100).map(|_| jira.myself())).await;
        assert!(reads.iter().all(|read| {
            read.as_ref().is_err_and(|error| error.kind == CallErrorKind::RateLimited)
        }));
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(count.load(Ordering::SeqCst) < 50);
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_that_is_only_refused_gives_up_in_the_end() {
        let (site, _) = refusing(u32::MAX, "retry-after: 600\r\n");
        let start = Instant::now();
        let error = site.jira.as_ref().unwrap().myself().await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::RateLimited);
        assert!(start.elapsed() <= Limits::default().patience);
        assert_eq!(error.retry_after, Some(seconds(600)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_permit_that_was_overtaken_by_a_refusal_sends_nothing() {
        let (site, count) = refusing(1, "retry-after: 30\r\n");
        let early = permit(&site, Endpoint::JiraAddMember);
        let error = add(&site).await.unwrap_err();
        assert_eq!((error.kind, error.status), (CallErrorKind::RateLimited, Some(429)));
        let id = AccountId::parse("a").unwrap();
        let jira = site.jira.as_ref().unwrap();
        let error = jira.add_member(early, &GroupId::new("g"), &id).await.unwrap_err();
        assert_eq!((error.kind, error.effect), (CallErrorKind::RateLimited, Effect::None));
        assert_eq!(error.status, None);
        assert!(error.retry_after.is_some_and(|wait| wait >= Duration::from_secs(29)));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    /// A wait that was announced to one process also holds for another process on the same run.
    #[tokio::test(start_paused = true)]
    async fn an_announced_wait_is_obeyed_by_the_next_process() {
        let (first, _) = refusing(1, "retry-after: 600\r\n");
        let endpoint = Endpoint::JiraAddMember;
        assert_eq!(first.pacer.held(endpoint), None);
        add(&first).await.unwrap_err();
        let (until, _) = first.pacer.held(endpoint).unwrap();
        assert!(until - Instant::now() >= seconds(600));

        let (second, count) = refusing(0, "");
        second.pacer.hold_until(endpoint, until);
        second.pacer.hold_until(endpoint, until - seconds(300));
        assert_eq!(second.pacer.held(endpoint).map(|(until, _)| until), Some(until));
        let permit = second.pacer.ready(endpoint).await;
        assert!(Instant::now() >= until);
        let id = AccountId::parse("a").unwrap();
        let jira = second.jira.as_ref().unwrap();
        // This server answers 200 to everything, which is not the described answer.
        jira.add_member(permit, &GroupId::new("g"), &id).await.unwrap_err();
        assert_eq!((count.load(Ordering::SeqCst), second.pacer.held(endpoint)), (1, None));
    }
}
