//! Turns shapes into the requests of a collection.

use std::collections::HashSet;
use std::sync::Arc;

use headcount_model::door::Door;
use headcount_model::user::AccountId;
use headcount_people::requests::Recorder;
use headcount_people::steps::Step;
use headcount_postman::export;

use super::NotExported;
use super::environment::{auth, host};
use super::scripts::{self, ACCOUNT, Before, json_of};
use super::shape::{ACCOUNT_ID, Form, Shape, Values, take_apart};

/// A placeholder for an account that only a later answer names.
const LATER: &str = "account-of-another-step";

/// The requests of a collection.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub requests: Vec<Request>,
    /// The requests' doors, one for each API.
    pub doors: Vec<Arc<Door>>,
    /// The columns that the requests use.
    pub columns: Vec<String>,
    /// Whether some lines need another line.
    pub has_needs: bool,
    pub has_mails: bool,
    pub has_groups: bool,
    exported: HashSet<u64>,
    needed: HashSet<u64>,
}

/// A request of a collection.
#[derive(Debug)]
pub(super) struct Request {
    pub name: String,
    shape: Shape,
    door: Arc<Door>,
    /// Whether a line that needs another one has this request.
    has_needs: bool,
    steps: Vec<u64>,
}

/// A line of the data file.
#[derive(Debug)]
pub(super) struct Line {
    /// The index of its request.
    pub request: usize,
    pub values: Values,
    /// The number of the step that has to be done before.
    pub needs: Option<u64>,
}

impl Requests {
    /// Adds the request of a step if no earlier step has the same.
    pub(super) async fn add(
        &mut self,
        step: &Step,
        recorder: &mut Recorder,
    ) -> Result<(), NotExported> {
        let (shape, door, values) = taken(step, recorder).await?;
        let needs = self.needs(step)?;
        self.needed.extend(needs);
        self.exported.insert(step.number);
        match self.doors.iter().find(|known| known.api() == door.api()) {
            Some(known) if *known == door => {}
            Some(_) => return Err(NotExported::OtherDoor),
            None => self.doors.push(Arc::clone(&door)),
        }
        for (name, _) in values {
            if !self.columns.contains(&name) {
                self.columns.push(name);
            }
        }
        self.has_mails |= step.payload.target.mail.is_some();
        self.has_groups |= step.payload.target.group_name.is_some();
        self.has_needs |= needs.is_some();
        let at = self.requests.iter().position(|known| known.shape == shape);
        let at = at.unwrap_or_else(|| {
            let name = String::new();
            self.requests.push(Request { name, shape, door, has_needs: false, steps: Vec::new() });
            self.requests.len() - 1
        });
        let request = &mut self.requests[at];
        request.has_needs |= needs.is_some();
        request.steps.push(step.number);
        Ok(())
    }

    /// Names the requests by their calls, and if two are equal, by their fields.
    pub(super) fn finish(mut self) -> Self {
        let verbs: Vec<String> = self
            .requests
            .iter()
            .map(|request| capitalized(request.shape.endpoint.verb()))
            .collect();
        for (at, request) in self.requests.iter_mut().enumerate() {
            let alike = verbs.iter().filter(|verb| **verb == verbs[at]).count();
            request.name = match (alike, &request.shape.fields) {
                (2.., Some(fields)) => {
                    let fields: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                    format!("{} ({})", verbs[at], fields.join(", "))
                }
                _ => verbs[at].clone(),
            };
        }
        self
    }

    /// The line of a step whose request was added.
    pub(super) async fn line(
        &self,
        step: &Step,
        recorder: &mut Recorder,
    ) -> Result<Line, NotExported> {
        let (shape, _, mut values) = taken(step, recorder).await?;
        let request = self.requests.iter().position(|known| known.shape == shape);
        let request = request.ok_or(super::Unfit::Other(shape.endpoint))?;
        for (_, value) in values.iter_mut().filter(|(_, value)| value == LATER) {
            value.clear();
        }
        Ok(Line { request, values, needs: self.needs(step)? })
    }

    /// The step that this one needs; `None` if that step is done and so not exported.
    fn needs(&self, step: &Step) -> Result<Option<u64>, NotExported> {
        match step.needs {
            Some(needs) if self.exported.contains(&needs) => Ok(Some(needs)),
            Some(needs) if step.payload.target.account.is_none() => {
                Err(NotExported::NeedsOther(needs))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// The requests in the form of the collection.
    pub(super) fn collection(&self) -> Vec<export::Request> {
        self.requests.iter().map(|request| self.exported(request)).collect()
    }

    fn exported(&self, request: &Request) -> export::Request {
        let Request { shape, door, name, .. } = request;
        let endpoint = shape.endpoint;
        let before = Before {
            chosen: (self.requests.len() > 1).then_some(name.as_str()),
            needs: request.has_needs,
            fields: shape.fields.as_deref().unwrap_or_default(),
        };
        let is_needed = request.steps.iter().any(|step| self.needed.contains(step));
        // Uses a name of its own if a script may set it.
        let of_row = braced(ACCOUNT_ID);
        let account = if request.has_needs { braced(ACCOUNT) } else { of_row.clone() };
        let query = shape.query.iter().map(|name| (name.clone(), braced(name)));
        let body = shape.fields.as_deref().map(body);
        // 206 (partial content) means that only a part was done.
        let done: Vec<u16> =
            endpoint.success().iter().copied().filter(|status| *status != 206).collect();
        export::Request {
            name: name.clone(),
            method: endpoint.method().to_string(),
            host: host(door).to_owned(),
            path: shape.path.iter().map(|segment| segment.replace(&of_row, &account)).collect(),
            query: query.map(|(name, value)| (name, value.replace(&of_row, &account))).collect(),
            body: body.map(|body| body.replace(&of_row, &account)),
            auth: auth(door),
            before: before.lines(),
            after: scripts::after(endpoint.verb(), &done, is_needed),
        }
    }
}

/// The request of a step, split into shape and values.
async fn taken(
    step: &Step,
    recorder: &mut Recorder,
) -> Result<(Shape, Arc<Door>, Values), NotExported> {
    let mut step = step.clone();
    if step.needs.is_some() && step.payload.target.account.is_none() {
        step.payload.target.account = AccountId::parse(LATER).ok();
    }
    let request = recorder.request(&step).await?;
    let (shape, values) = take_apart(&request)?;
    Ok((shape, request.door, values))
}

fn body(fields: &[(String, Form)]) -> String {
    let lines: Vec<String> = fields
        .iter()
        .map(|(name, form)| {
            let value = match form {
                Form::Plain => format!("\"{}\"", braced(name)),
                Form::Text | Form::List => braced(&json_of(name)),
                Form::Json => braced(name),
            };
            format!("    \"{name}\": {value}")
        })
        .collect();
    match lines.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{\n{}\n}}", lines.join(",\n")),
    }
}

fn braced(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
