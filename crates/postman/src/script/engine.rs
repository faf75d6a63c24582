//! One JavaScript engine: a heap with the `pm` object, in which one script runs at a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rquickjs::context::EvalOptions;
use rquickjs::function::{IntoArgs, Opt};
use rquickjs::{ArrayBuffer, Context, Ctx, Exception, FromJs, Function, Object, Runtime, Value};

use super::chai;
use super::modules::Modules;
use super::output::{Pending, ScriptError, ScriptInput, ScriptOutput};
use crate::dynamic;

/// The limits of a script.
#[derive(Clone, Copy, Debug)]
pub struct EngineLimits {
    /// The memory of all values of an engine, in bytes.
    pub memory: usize,
    /// The stack, in bytes.
    pub stack: usize,
    /// The time of one step of a script, without interruption.
    pub step: Duration,
    /// The time of a script with its timers and its requests.
    pub whole: Duration,
    /// How many requests a script sends at most.
    pub requests: usize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            memory: 256 * 1024 * 1024,
            stack: 512 * 1024,
            step: Duration::from_secs(10),
            whole: Duration::from_secs(60),
            requests: 1_000,
        }
    }
}

const SOURCES: [&str; 14] = [
    include_str!("js/errors.js"),
    include_str!("js/lists.js"),
    include_str!("js/url.js"),
    include_str!("js/request.js"),
    include_str!("js/response.js"),
    include_str!("js/scope.js"),
    include_str!("js/modules.js"),
    include_str!("js/buffer.js"),
    include_str!("js/locale.js"),
    include_str!("js/console.js"),
    include_str!("js/assertions.js"),
    include_str!("js/invalid_property.js"),
    include_str!("js/pm.js"),
    include_str!("js/run.js"),
];

/// Ajv 6.12.5, the version in Postman's sandbox, from npm; for `jsonSchema`.
const AJV: &str = include_str!("vendor/ajv.min.js");

const HIDE: &str = "(function (sdk, name) { \
    Object.defineProperty(sdk.global, name, { value: Object.freeze(sdk.entry) }); })";

/// An engine can't be built, or had to be stopped together with its script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// There is no memory for another engine, or a built-in file is faulty.
    #[error("the script engine could not be started: {0}")]
    NotStarted(String),
    /// The script was stopped from outside.
    #[error("{0}")]
    Stopped(ScriptError),
}

/// The data of the host's functions.
#[derive(Debug, Default)]
struct Shared {
    /// The name under which the entry points are stored in the heap.
    entry: OnceLock<String>,
    body: Mutex<Option<Bytes>>,
    /// The end of a step, in milliseconds of the engine's clock; 0 means never.
    deadline: AtomicU64,
}

/// An engine.
pub struct Engine {
    /// The name under which the entry points are stored in the heap.
    entry: String,
    context: Context,
    shared: Arc<Shared>,
    born: Instant,
    limits: EngineLimits,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    /// A new engine with all built-in files.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new(limits: EngineLimits, modules: &Modules) -> Result<Self, EngineError> {
        let start = |error: rquickjs::Error| EngineError::NotStarted(error.to_string());
        let runtime = Runtime::new().map_err(start)?;
        runtime.set_memory_limit(limits.memory);
        runtime.set_max_stack_size(limits.stack);
        let shared = Arc::new(Shared::default());
        let born = Instant::now();
        let watched = Arc::clone(&shared);
        runtime.set_interrupt_handler(Some(Box::new(move || {
            let deadline = watched.deadline.load(Ordering::Relaxed);
            deadline != 0 && milliseconds(born) > deadline
        })));
        let context = Context::full(&runtime).map_err(start)?;
        let tracked = Arc::clone(&shared);
        runtime.set_host_promise_rejection_tracker(Some(Box::new(
            move |ctx, promise, reason, is_handled| {
                let entry = tracked.entry.get().and_then(|it| ctx.globals().get(it.as_str()).ok());
                let reject =
                    entry.and_then(|it: Object<'_>| it.get::<_, Function<'_>>("reject").ok());
                // An error here means that the script was stopped, which its step reports.
                let _ = reject.map(|it| it.call::<_, ()>((promise, reason, is_handled)));
            },
        )));
        let entry = context.with(|ctx| {
            built_in(&ctx, &shared, born, modules).map_err(|error| {
                let thrown = thrown(&ctx).map(|it| it.to_string());
                EngineError::NotStarted(thrown.unwrap_or_else(|| error.to_string()))
            })
        })?;
        let _ = shared.entry.set(entry.clone());
        Ok(Self { entry, context, shared, born, limits })
    }

    /// The engine's clock, in milliseconds.
    pub fn now(&self) -> f64 {
        milliseconds(self.born) as f64
    }

    /// The limits.
    pub fn limits(&self) -> EngineLimits {
        self.limits
    }

    /// Starts a script and runs it until it waits.
    ///
    /// # Errors
    /// It was stopped, and the engine can't be used any more.
    pub fn begin(&self, source: &str, input: &ScriptInput) -> Result<Pending, EngineError> {
        *self.shared.body.lock().unwrap_or_else(PoisonError::into_inner) = input.body.clone();
        self.step(|ctx, entry| {
            let object = input_object(ctx, input)?;
            self.call::<_, ()>(entry, "begin", (source, object))
        })
    }

    /// Passes on the response to a request: an error's name and message, or the response as JSON.
    ///
    /// # Errors
    /// The script was stopped.
    pub fn answer(
        &self,
        id: u32,
        answer: Result<String, (String, String)>,
    ) -> Result<Pending, EngineError> {
        self.step(|ctx, entry| match answer {
            Ok(response) => self.call::<_, ()>(entry, "answer", (id, false, response)),
            Err((code, message)) => {
                let error = Object::new(ctx.clone())?;
                error.set("code", code)?;
                error.set("message", message)?;
                self.call::<_, ()>(entry, "answer", (id, error, ""))
            }
        })
    }

    /// Runs the next timer.
    ///
    /// # Errors
    /// The script was stopped.
    pub fn tick(&self) -> Result<Pending, EngineError> {
        self.step(|_, entry| self.call::<_, ()>(entry, "tick", ()))
    }

    /// The script's results.
    ///
    /// # Errors
    /// They can't be read, because memory is exhausted.
    pub fn end(&self) -> Result<ScriptOutput, EngineError> {
        let text = self.inside(|_, entry| self.call::<_, String>(entry, "end", ()))?;
        let broken = |error: serde_json::Error| EngineError::NotStarted(error.to_string());
        ScriptOutput::read(&text).map_err(broken)
    }

    /// Removes the names that scripts created without declaring them, and returns them.
    ///
    /// # Errors
    /// They can't be read.
    pub fn leave(&self) -> Result<Vec<String>, EngineError> {
        let names = self.inside(|_, entry| self.call::<_, String>(entry, "leave", ()))?;
        Ok(names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// Runs a part of the script with everything that follows at once, and returns what is then pending.
    fn step(
        &self,
        run: impl for<'js> FnOnce(&Ctx<'js>, &Object<'js>) -> rquickjs::Result<()>,
    ) -> Result<Pending, EngineError> {
        let until = milliseconds(self.born) + self.limits.step.as_millis() as u64 + 1;
        self.shared.deadline.store(until, Ordering::Relaxed);
        let pending = self.inside(|ctx, entry| {
            run(ctx, entry)?;
            while ctx.execute_pending_job() {
                if milliseconds(self.born) > until {
                    return Err(rquickjs::Error::Exception);
                }
            }
            self.call::<_, String>(entry, "pending", ())
        });
        self.shared.deadline.store(0, Ordering::Relaxed);
        let broken = |error: serde_json::Error| EngineError::NotStarted(error.to_string());
        match pending?.as_str() {
            "" => Ok(Pending::default()),
            pending => serde_json::from_str(pending).map_err(broken),
        }
    }

    fn inside<T>(
        &self,
        run: impl for<'js> FnOnce(&Ctx<'js>, &Object<'js>) -> rquickjs::Result<T>,
    ) -> Result<T, EngineError> {
        self.context.with(|ctx| {
            let entry = ctx.globals().get::<_, Object<'_>>(self.entry.as_str());
            let result = entry.and_then(|entry| run(&ctx, &entry));
            result.map_err(|error| EngineError::Stopped(self.stopped(&ctx, &error)))
        })
    }

    /// Why a step ended in a way that the script itself can't cause.
    fn stopped(&self, ctx: &Ctx<'_>, error: &rquickjs::Error) -> ScriptError {
        let deadline = self.shared.deadline.load(Ordering::Relaxed);
        let error_thrown = thrown(ctx);
        if deadline != 0 && milliseconds(self.born) >= deadline {
            let message = format!(
                "the script was stopped: it ran for more than {} s without a pause",
                self.limits.step.as_secs_f32()
            );
            return ScriptError { name: "Error".to_owned(), message, line: None, column: None };
        }
        error_thrown.unwrap_or_else(|| ScriptError {
            name: "Error".to_owned(),
            message: format!("the script was stopped: {error}"),
            line: None,
            column: None,
        })
    }

    fn call<'js, A: IntoArgs<'js>, R: FromJs<'js>>(
        &self,
        entry: &Object<'js>,
        name: &str,
        args: A,
    ) -> rquickjs::Result<R> {
        entry.get::<_, Function<'js>>(name)?.call(args)
    }
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Takes the error that a call has left.
fn thrown(ctx: &Ctx<'_>) -> Option<ScriptError> {
    let value = ctx.catch();
    let object = value.as_object()?;
    let text = |name| object.get::<_, Option<String>>(name).ok().flatten();
    let message = text("message")?;
    let name = text("name").unwrap_or_else(|| "Error".to_owned());
    Some(ScriptError { name, message, line: None, column: None })
}

fn options(name: &str) -> EvalOptions {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(name.to_owned());
    options
}

fn eval<'js, T: FromJs<'js>>(ctx: &Ctx<'js>, source: &str, name: &str) -> rquickjs::Result<T> {
    ctx.eval_with_options(source, options(name))
}

fn built_in(
    ctx: &Ctx<'_>,
    shared: &Arc<Shared>,
    born: Instant,
    modules: &Modules,
) -> rquickjs::Result<String> {
    let sdk = Object::new(ctx.clone())?;
    sdk.set("host", host(ctx, shared, born, modules)?)?;
    sdk.set("global", ctx.globals())?;
    // Without brackets around it: QuickJS searches the end of each bracket before it reads its content.
    let chai = chai::source();
    let chai = format!(
        "0, function (global) {{ const module = {{ exports: {{}} }}; \
         const load = function (module, exports) {{ {chai}\n }}; load(module, module.exports); \
         return module.exports; }}"
    );
    let chai: Function<'_> = eval(ctx, &chai, "chai")?;
    sdk.set("chai", chai.call::<_, Value<'_>>((ctx.globals(),))?)?;
    for source in SOURCES {
        let part: Function<'_> = eval(ctx, &format!("0, function (sdk) {{ {source}\n }}"), "pm")?;
        part.call::<_, ()>((sdk.clone(),))?;
    }
    // No script can guess or change this name.
    let name = format!("headcount {}", dynamic::uuid());
    let hide: Function<'_> = eval(ctx, HIDE, "pm")?;
    hide.call::<_, ()>((sdk, name.as_str()))?;
    Ok(name)
}

fn host<'js>(
    ctx: &Ctx<'js>,
    shared: &Arc<Shared>,
    born: Instant,
    modules: &Modules,
) -> rquickjs::Result<Object<'js>> {
    let host = Object::new(ctx.clone())?;
    host.set("now", Function::new(ctx.clone(), move || milliseconds(born) as f64)?)?;
    host.set("dynamic", Function::new(ctx.clone(), |name: String| dynamic::generate(&name))?)?;
    let random = |ctx: Ctx<'js>| {
        let word =
            getrandom::u32().map_err(|error| Exception::throw_message(&ctx, &error.to_string()));
        word.map(u32::cast_signed)
    };
    host.set("random", Function::new(ctx.clone(), random)?)?;
    let body = Arc::clone(shared);
    host.set(
        "body",
        Function::new(ctx.clone(), move || {
            let body = body.body.lock().unwrap_or_else(PoisonError::into_inner).clone();
            body.map(|body| String::from_utf8_lossy(&body).into_owned())
        })?,
    )?;
    let body = Arc::clone(shared);
    let bytes = move |ctx: Ctx<'js>| {
        let body = body.body.lock().unwrap_or_else(PoisonError::into_inner).clone();
        ArrayBuffer::new(ctx, body.unwrap_or_default().to_vec())
    };
    host.set("bytes", Function::new(ctx.clone(), bytes)?)?;
    host.set("ajv", Function::new(ctx.clone(), || AJV)?)?;
    let packages = modules.clone();
    host.set("has", Function::new(ctx.clone(), move |name: String| packages.has(&name))?)?;
    let packages = modules.clone();
    let load = move |name: String, from: String| {
        packages.load(&name, &from).map(|(path, text)| vec![path, text])
    };
    host.set("module", Function::new(ctx.clone(), load)?)?;
    let compile = |ctx: Ctx<'js>, source: String, name: Opt<String>| {
        ctx.eval_with_options::<Value<'js>, _>(source, options(name.as_deref().unwrap_or("script")))
    };
    host.set("compile", Function::new(ctx.clone(), compile)?)?;
    Ok(host)
}

fn input_object<'js>(ctx: &Ctx<'js>, input: &ScriptInput) -> rquickjs::Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("owner", input.owner.as_str())?;
    object.set("reference", input.reference.as_str())?;
    object.set("isWhole", input.is_whole)?;
    object.set("hasBody", input.body.is_some())?;
    let parts = [
        ("target", input.target.map_or("", |target| target.word())),
        ("info", input.info.as_str()),
        ("location", input.location.as_str()),
        ("names", input.names.as_str()),
        ("globals", input.globals.as_str()),
        ("collectionVariables", input.collection.as_str()),
        ("environment", input.environment.as_str()),
        ("data", input.data.as_str()),
        ("variables", input.local.as_str()),
        ("request", input.request.as_str()),
        ("response", input.response.as_str()),
        ("headers", input.headers.as_str()),
        ("cookies", input.cookies.as_str()),
    ];
    // `run.js` has the same for each part that is empty.
    for (name, part) in parts.into_iter().filter(|(_, part)| !matches!(*part, "" | "[]" | "{}")) {
        object.set(name, part)?;
    }
    Ok(object)
}
