//! The faults of a simulation, drawn from a seed. Each seed has only some kinds of faults (and many of them) or
//! few: runs in which every kind of fault happens find less.

use std::time::Duration;

use fastrand::Rng;

/// The fault of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection breaks before the site has the request.
    DropBefore,
    /// The connection breaks after the site has applied the request.
    DropAfter,
    /// Applied, but only half of the answer's body arrives.
    HalfBody,
    /// Applied, but the answer arrives byte by byte and not completely.
    Trickle,
    /// Applied. The right status, and a body that is not JSON.
    Garbage,
    /// Applied. The right status, and an empty object. (Changes only.)
    Bodiless,
    /// A 5xx, and nothing was applied.
    ErrorBefore,
    /// A 5xx, although the request was applied.
    ErrorAfter,
    /// A 500 whose body contains the credentials.
    Echo,
    /// Refused for good, and nothing was applied. (Changes only.)
    Forbidden,
    /// Refused with a status that may also mean "already so" (400, 404, 409), without a reason; nothing was applied.
    /// (Changes only.)
    Vague(u16),
    /// 429 with some form of `Retry-After`.
    TooMany(After),
    /// 503 with some form of `Retry-After`.
    Down(After),
    /// Takes longer than any time limit, before it is applied.
    LateBefore,
    /// Takes longer than any time limit, after it was applied.
    LateAfter,
    /// The credential is refused.
    Revoked,
    /// Every request with this credential gets this answer.
    Turned(Turn),
}

/// The answer of a gateway or sign-in page to every request with an expired credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// 404, as for an expired token (n8n-io/n8n#37776).
    NotFound,
    /// 404 with a web page.
    PageNotFound,
    /// 403.
    Forbidden,
    /// 403 with a web page.
    PageForbidden,
    /// 200 with a web page (pchuri/jira-cli#20).
    SignIn,
    /// 200 with an empty list. (For a removal, Jira's description allows an empty object.)
    Empty,
    /// A redirect to a sign-in page.
    Redirected(u16),
    /// 401 that says that a scope is missing.
    Scope,
}

impl Turn {
    pub const ALL: [Self; 10] = [
        Self::NotFound,
        Self::PageNotFound,
        Self::Forbidden,
        Self::PageForbidden,
        Self::SignIn,
        Self::Empty,
        Self::Redirected(302),
        Self::Redirected(307),
        Self::Redirected(308),
        Self::Scope,
    ];

    fn status(self) -> u16 {
        match self {
            Self::NotFound | Self::PageNotFound => 404,
            Self::Forbidden | Self::PageForbidden => 403,
            Self::SignIn | Self::Empty => 200,
            Self::Redirected(status) => status,
            Self::Scope => 401,
        }
    }

    pub fn body(self) -> &'static str {
        match self {
            Self::NotFound => r#"{"errorMessages":["Site temporarily unavailable"]}"#,
            Self::Forbidden => r#"{"message":"Forbidden","code":403}"#,
            Self::PageNotFound | Self::PageForbidden | Self::SignIn => {
                "<!DOCTYPE html><html><head><title>Log in</title></head><body>Log in</body></html>"
            }
            Self::Empty => "[]",
            Self::Redirected(_) => "",
            Self::Scope => r#"{"code":401,"message":"Unauthorized; scope does not match"}"#,
        }
    }
}

/// False headers about limits, on a site that refuses nothing.
pub const LIES: [&[(&str, &str)]; 10] = [
    &[("x-ratelimit-limit", "5"), ("x-ratelimit-remaining", "1"), ("x-ratelimit-fillrate", "5")],
    &[("x-ratelimit-limit", "5"), ("x-ratelimit-remaining", "0")],
    &[
        ("x-ratelimit-limit", "1"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-interval-seconds", "3600"),
    ],
    &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "2026-11-21T09:00Z")],
    &[("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", "never")],
    &[("x-ratelimit-nearlimit", "true")],
    &[("ratelimit", "limit=100, remaining=0, reset=0")],
    &[("ratelimit-reason", "jira-burst-based"), ("x-ratelimit-nearlimit", "true")],
    &[("x-beta-ratelimit-nearlimit", "true"), ("beta-ratelimit", "\"a\";r=0;t=0")],
    &[("retry-after", "0"), ("x-ratelimit-remaining", "99999999999999999999")],
];

/// The form of a `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Missing,
    Zero,
    Seconds(u64),
    /// As an HTTP date, together with a `Date`.
    Date(u64),
    Absurd,
    Words,
}

impl After {
    fn draw(rng: &mut Rng) -> Self {
        match rng.u8(..12) {
            0 => Self::Missing,
            1 => Self::Zero,
            2 => Self::Absurd,
            3 => Self::Words,
            4 => Self::Date(rng.u64(1..120)),
            5 => Self::Seconds(3600),
            6 => Self::Seconds(rng.u64(60..3600)),
            _ => Self::Seconds(rng.u64(1..20)),
        }
    }
}

/// What happens to one request, and how long it takes.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    pub trouble: Option<Trouble>,
    pub there: Duration,
    pub back: Duration,
    /// False numbers of an answer: how many requests are left, and of how many.
    pub lie: Option<(u64, u64)>,
    /// More false headers.
    pub lies: &'static [(&'static str, &'static str)],
    status: u16,
}

impl Fate {
    /// Whether the site receives it.
    pub fn reaches(&self) -> bool {
        use Trouble::*;
        !matches!(
            self.trouble,
            Some(
                DropBefore
                    | ErrorBefore
                    | Echo
                    | Forbidden
                    | Vague(_)
                    | TooMany(_)
                    | Down(_)
                    | Revoked
                    | Turned(_)
            )
        )
    }

    /// The status that replaces the site's.
    pub fn status(&self) -> Option<u16> {
        (self.status != 0).then_some(self.status)
    }

    fn after(&self) -> Option<After> {
        match self.trouble {
            Some(Trouble::TooMany(after) | Trouble::Down(after)) => Some(after),
            _ => None,
        }
    }

    /// The seconds until a date; plain seconds are read from the header.
    pub fn announced(&self) -> Option<u64> {
        match self.after() {
            Some(After::Date(seconds)) => Some(seconds),
            _ => None,
        }
    }

    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let retry = |value: String| vec![("retry-after", value)];
        match self.after() {
            None | Some(After::Missing) => Vec::new(),
            Some(After::Zero) => retry("0".into()),
            Some(After::Seconds(seconds)) => retry(seconds.to_string()),
            Some(After::Absurd) => retry("31536000".into()),
            Some(After::Words) => retry("soon".into()),
            Some(After::Date(seconds)) => {
                let (minutes, seconds) = (seconds / 60, seconds % 60);
                vec![
                    ("retry-after", format!("Sat, 21 Nov 2026 10:{minutes:02}:{seconds:02} GMT")),
                    ("date", "Sat, 21 Nov 2026 10:00:00 GMT".into()),
                ]
            }
        }
    }
}

/// How late the site's searches show a change, in milliseconds.
pub fn draw_lag(rng: &mut Rng) -> u64 {
    match rng.u8(..20) {
        0..=9 => 0,
        10..=12 => rng.u64(1..1_500),
        13..=15 => rng.u64(1_500..8_000),
        16..=18 => rng.u64(8_000..50_000),
        // Longer than any time limit.
        _ => rng.u64(50_000..400_000),
    }
}

/// How probable each fault is, for one process.
#[derive(Clone, Debug)]
pub struct Weather {
    /// The share of requests with a fault.
    often: f64,
    kinds: Vec<Trouble>,
    /// Milliseconds in one direction, from and to.
    latency: (u64, u64),
    refused: f64,
    hanging: f64,
    not_http: f64,
    /// From this request of the process on, one credential is refused. `true` means Jira's.
    revoked: Option<(u64, bool)>,
    /// Every request between these two times, in milliseconds, has this fault.
    outage: Option<(u64, u64, Trouble)>,
    /// From this request of the process on, every request with one credential gets this answer. `true` means
    /// Jira's.
    turned: Option<(u64, bool, Turn)>,
    /// At this request of the process, the computer's clock is set ahead or back by these milliseconds.
    jump: Option<(u64, i64)>,
    /// Headers of each answer.
    lies: &'static [(&'static str, &'static str)],
    /// A part of the changes is refused with this status, without a reason.
    vague: Option<u16>,
}

/// By how many milliseconds a clock is set: a minute, an hour (daylight saving time), a day, ten years.
const JUMPS: [i64; 4] = [60_000, 3_600_000, 86_400_000, 315_576_000_000];

impl Weather {
    pub fn calm() -> Self {
        Self {
            often: 0.0,
            kinds: Vec::new(),
            latency: (0, 0),
            refused: 0.0,
            hanging: 0.0,
            not_http: 0.0,
            revoked: None,
            outage: None,
            turned: None,
            jump: None,
            lies: &[],
            vague: None,
        }
    }

    /// No other faults, but from this request on, every request with one credential gets this answer.
    pub fn turned(from: u64, is_jira: bool, turn: Turn) -> Self {
        Self { turned: Some((from, is_jira, turn)), ..Self::latency(20) }
    }

    /// No other faults, but every answer has these headers.
    pub fn lying(lies: &'static [(&'static str, &'static str)]) -> Self {
        Self { lies, ..Self::latency(20) }
    }

    /// The clock is set; and the site asks for waits, which are measured by that clock.
    pub fn jumping(rng: &mut Rng) -> Self {
        let kinds = vec![Trouble::TooMany(After::Missing), Trouble::Down(After::Missing)];
        Self { kinds, often: 0.1, jump: Some((rng.u64(1..60), jump(rng))), ..Self::slow(rng) }
    }

    /// Headers of each answer.
    pub fn lies(&self) -> &'static [(&'static str, &'static str)] {
        self.lies
    }

    /// Draws the faults around the requests: an expired credential, a clock that is set, false headers, refusals
    /// without a reason. (They have random numbers of their own, so that a seed's other faults stay the same.)
    fn change_surroundings(&mut self, rng: &mut Rng) {
        match rng.u8(..8) {
            0 if self.revoked.is_none() => {
                let turn = Turn::ALL[rng.usize(..Turn::ALL.len())];
                self.turned = Some((rng.u64(1..60), rng.bool(), turn));
            }
            1 => self.jump = Some((rng.u64(1..60), jump(rng))),
            2 => self.lies = LIES[rng.usize(..LIES.len())],
            3 => self.vague = Some([400, 404, 409][rng.usize(..3)]),
            _ => {}
        }
    }

    /// The request at which the clock is set, and by how many milliseconds.
    pub fn jump(&self) -> Option<(u64, i64)> {
        self.jump
    }

    /// No faults, but slow.
    pub fn slow(rng: &mut Rng) -> Self {
        let from = rng.u64(0..40);
        Self { latency: (from, from + rng.u64(0..80)), ..Self::calm() }
    }

    /// No faults; each direction takes this many milliseconds.
    pub fn latency(way: u64) -> Self {
        Self { latency: (way, way), ..Self::calm() }
    }

    /// Any faults; `now` is in milliseconds.
    pub fn draw_any(rng: &mut Rng, now: u64) -> Self {
        let share = |rng: &mut Rng, from: &[f64]| from[rng.usize(..from.len())];
        let mut surroundings = Rng::with_seed(rng.clone().u64(..) ^ 0x5eed);
        let mut weather = Self::slow(rng);
        if rng.u8(..5) == 0 {
            weather.change_surroundings(&mut surroundings);
            return weather;
        }
        weather.kinds = (0..rng.usize(1..5)).map(|_| kind(rng)).collect();
        weather.often = share(rng, &[0.02, 0.05, 0.1, 0.3, 0.6]);
        weather.refused = share(rng, &[0.0, 0.0, 0.0, 0.05, 0.3]);
        weather.hanging = share(rng, &[0.0, 0.0, 0.0, 0.02]);
        weather.not_http = share(rng, &[0.0, 0.0, 0.0, 0.02]);
        if rng.u8(..6) == 0 {
            weather.revoked = Some((rng.u64(1..60), rng.bool()));
        }
        if rng.u8(..5) == 0 {
            let from = now + rng.u64(0..3_000);
            let until = from + [500, 20_000, 400_000, 4_000_000][rng.usize(..4)];
            weather.outage = Some((from, until, kind(rng)));
        }
        weather.change_surroundings(&mut surroundings);
        weather
    }

    /// Draws what happens to a request, given its number in its process, its time, whether it changes anything,
    /// and whether it is Jira's.
    pub fn draw(&self, rng: &mut Rng, facts: (u64, u64, bool, bool)) -> Fate {
        let (number, now, changes, is_jira) = facts;
        let (from, to) = self.latency;
        let leg = |rng: &mut Rng| Duration::from_millis(rng.u64(from..=to));
        let mut fate =
            Fate { there: leg(rng), back: leg(rng), lie: self.lie(number), ..Fate::default() };
        fate.lies = self.lies;
        let strikes = rng.f64() < self.often;
        let drawn = match self.kinds.as_slice() {
            [] => None,
            kinds => strikes.then(|| kinds[rng.usize(..kinds.len())]),
        };
        let outage = self.outage.filter(|(from, until, _)| (*from..*until).contains(&now));
        fate.trouble = outage.map(|(_, _, trouble)| trouble).or(drawn);
        if let Some(Trouble::TooMany(_)) = fate.trouble {
            fate.trouble = Some(Trouble::TooMany(After::draw(rng)));
        }
        if let Some(Trouble::Down(_)) = fate.trouble {
            fate.trouble = Some(Trouble::Down(After::draw(rng)));
        }
        if !changes && matches!(fate.trouble, Some(Trouble::Forbidden | Trouble::Bodiless)) {
            fate.trouble = None;
        }
        if let Some(status) = self.vague
            && changes
            && fate.trouble.is_none()
            && rng.u8(..4) == 0
        {
            fate.trouble = Some(Trouble::Vague(status));
        }
        if self.revoked.is_some_and(|(from, jira)| number >= from && jira == is_jira) {
            fate.trouble = Some(Trouble::Revoked);
        }
        if let Some((from, jira, turn)) = self.turned
            && number >= from
            && jira == is_jira
        {
            fate.trouble = Some(Trouble::Turned(turn));
        }
        let late = Duration::from_millis(rng.u64(61_000..90_000));
        fate.status = match fate.trouble {
            Some(Trouble::ErrorBefore | Trouble::ErrorAfter) => {
                [500, 502, 503, 504][rng.usize(..4)]
            }
            Some(Trouble::Echo) => 500,
            Some(Trouble::Down(_)) => 503,
            Some(Trouble::TooMany(_)) => 429,
            Some(Trouble::Forbidden) => 403,
            Some(Trouble::Vague(status)) => status,
            Some(Trouble::Revoked) => 401,
            Some(Trouble::Turned(turn)) => turn.status(),
            Some(Trouble::LateBefore) => {
                fate.there = late;
                0
            }
            Some(Trouble::LateAfter) => {
                fate.back = late;
                0
            }
            _ => 0,
        };
        fate
    }

    /// False rate headers: nothing left, one left, noise. (They take no number from the seed, so that existing
    /// seeds keep their stories.)
    fn lie(&self, number: u64) -> Option<(u64, u64)> {
        let (from, to) = self.latency;
        match (from + to) % 5 {
            _ if self.kinds.is_empty() => None,
            0 => Some((0, 5)),
            1 => Some((1, 5)),
            2 => Some((number * 7_919 % 101, 100)),
            _ => None,
        }
    }

    /// How long a connection takes, whether it is refused, and whether it leads to a server that does not speak
    /// HTTP.
    pub fn dial(&self, rng: &mut Rng) -> (Duration, bool, bool) {
        let (from, to) = self.latency;
        let wait = match rng.f64() < self.hanging {
            true => Duration::from_secs(3600),
            false => Duration::from_millis(rng.u64(from..=to)),
        };
        (wait, rng.f64() < self.refused, rng.f64() < self.not_http)
    }
}

fn jump(rng: &mut Rng) -> i64 {
    let by = JUMPS[rng.usize(..JUMPS.len())] + rng.i64(0..1_000);
    if rng.bool() { by } else { -by }
}

fn kind(rng: &mut Rng) -> Trouble {
    use Trouble::*;
    let all = [
        DropBefore,
        DropAfter,
        HalfBody,
        Trickle,
        Garbage,
        Bodiless,
        ErrorBefore,
        ErrorAfter,
        Echo,
        Forbidden,
        TooMany(After::Missing),
        TooMany(After::Missing),
        Down(After::Missing),
        LateBefore,
        LateAfter,
    ];
    all[rng.usize(..all.len())]
}
