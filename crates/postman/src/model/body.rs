//! The body of a request.

use serde_json::Value;

use crate::document::{Kind, LoadError, Node, Object, Problem};

use super::param::Param;

/// The five modes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyMode {
    /// A text, sent unchanged.
    #[default]
    Raw,
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// `multipart/form-data`.
    FormData,
    /// The content of one file.
    File,
    /// A GraphQL query.
    GraphQl,
}

/// One part of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormParam {
    /// The field's name.
    pub key: String,
    /// The value of a text field.
    pub value: String,
    /// The paths of a file field; `None` for a text field.
    pub files: Option<Vec<String>>,
    /// The part's own content type.
    pub content_type: Option<String>,
    /// The file name that is sent instead of the path's.
    pub file_name: Option<String>,
    /// Whether it is disabled.
    pub disabled: bool,
}

/// A GraphQL body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphQl {
    /// The query.
    pub query: Option<String>,
    /// The operation.
    pub operation: Option<String>,
    /// The variables: a text is inserted unchanged, an object becomes JSON.
    pub variables: Option<Value>,
}

/// A body with the stored data of each mode; only one of them is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The mode that is sent.
    pub mode: BodyMode,
    /// Mode `raw`.
    pub raw: String,
    /// Mode `urlencoded`.
    pub urlencoded: Vec<Param>,
    /// Mode `formdata`.
    pub form: Vec<FormParam>,
    /// Mode `file`: the path.
    pub file: Option<String>,
    /// Mode `graphql`.
    pub graphql: GraphQl,
    /// The language of a raw body.
    pub language: Option<String>,
    /// Whether it is disabled.
    pub disabled: bool,
}

impl Body {
    /// Reads it; `None` if there is none.
    ///
    /// # Errors
    /// A part has the wrong kind.
    pub fn read(node: &Node<'_>) -> Result<Option<Self>, LoadError> {
        if let Some(raw) = node.as_text() {
            return Ok(Some(Self { raw, ..Self::default() }));
        }
        if node.kind() == Kind::Null {
            return Ok(None);
        }
        let object = node.object("the body")?;
        let Some(mode) = object.get("mode").and_then(|mode| mode.as_scalar()) else {
            return Ok(None);
        };
        let mut body = Self {
            mode: mode_of(&mode),
            disabled: object.is_true("disabled"),
            language: language(&object),
            ..Self::default()
        };
        match body.mode {
            BodyMode::Raw => {
                if let Some(raw) = object.filled("raw") {
                    body.raw = raw.as_text().unwrap_or_else(|| compact(&raw));
                }
            }
            BodyMode::UrlEncoded => {
                if let Some(entries) = object.filled("urlencoded") {
                    body.urlencoded = Param::read_all(&entries, "the urlencoded body")?;
                }
            }
            BodyMode::FormData => body.form = read_form(&object)?,
            BodyMode::File => body.file = read_file(&object)?,
            BodyMode::GraphQl => body.graphql = read_graphql(&object)?,
        }
        Ok(Some(body))
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        match self.mode {
            BodyMode::Raw => self.raw.is_empty(),
            BodyMode::UrlEncoded => self.urlencoded.iter().all(|param| param.disabled),
            BodyMode::FormData => self.form.iter().all(|param| param.disabled),
            BodyMode::File => self.file.is_none(),
            // An empty one is sent as `{}`.
            BodyMode::GraphQl => false,
        }
    }
}

fn mode_of(word: &str) -> BodyMode {
    match word.to_lowercase().as_str() {
        "urlencoded" => BodyMode::UrlEncoded,
        "formdata" => BodyMode::FormData,
        "file" => BodyMode::File,
        "graphql" => BodyMode::GraphQl,
        _ => BodyMode::Raw,
    }
}

fn language(object: &Object<'_>) -> Option<String> {
    let options = object.filled("options")?.object("options").ok()?;
    options.filled("raw")?.object("raw").ok()?.text("language")
}

/// A body that is an object in the file is sent as JSON.
fn compact(node: &Node<'_>) -> String {
    node.value().map(|value| value.to_string()).unwrap_or_default()
}

fn read_form(object: &Object<'_>) -> Result<Vec<FormParam>, LoadError> {
    let Some(entries) = object.filled("formdata") else { return Ok(Vec::new()) };
    let mut form = Vec::new();
    for entry in entries.list("the form")? {
        if entry.kind() == Kind::Null {
            continue;
        }
        let part = entry.object("a form field")?;
        let is_file = part.text("type").as_deref() == Some("file");
        let value = part.get("value");
        if is_file && value.is_some_and(|it| it.as_text().is_some_and(|text| !text.is_empty())) {
            let what = "a file in a form that is given as base64".to_owned();
            let remedy = "name the file in \"src\"";
            return Err(entry.error(Problem::Unsupported { what, remedy }));
        }
        form.push(FormParam {
            key: part.get("key").and_then(|key| key.as_scalar()).unwrap_or_default(),
            value: value.map(|it| text_of(&it)).unwrap_or_default(),
            files: if is_file { Some(paths(&part)?) } else { None },
            content_type: part.text("contentType").filter(|it| !it.is_empty()),
            file_name: part.text("fileName"),
            disabled: part.is_true("disabled"),
        });
    }
    Ok(form)
}

fn text_of(value: &Node<'_>) -> String {
    match value.kind() {
        Kind::Null => String::new(),
        Kind::Text | Kind::Bool | Kind::Number | Kind::List | Kind::Object => {
            value.as_text().unwrap_or_else(|| compact(value))
        }
    }
}

/// Empty if no file was chosen: Postman exports `[]`, `null` or an empty text.
fn paths(part: &Object<'_>) -> Result<Vec<String>, LoadError> {
    let Some(src) = part.filled("src") else { return Ok(Vec::new()) };
    match src.as_text() {
        Some(path) => Ok(Some(path).filter(|it| !it.is_empty()).into_iter().collect()),
        None => Ok(src.list("src")?.iter().filter_map(|path| path.as_text()).collect()),
    }
}

fn read_file(object: &Object<'_>) -> Result<Option<String>, LoadError> {
    let Some(file) = object.filled("file") else { return Ok(None) };
    if let Some(path) = file.as_text() {
        return Ok(Some(path));
    }
    let file = file.object("the file of the body")?;
    if let Some(content) = file.filled("content").filter(|_| file.text("src").is_none()) {
        let what = "a body's file that is given as base64".to_owned();
        return Err(
            content.error(Problem::Unsupported { what, remedy: "name the file in \"src\"" })
        );
    }
    Ok(file.text("src"))
}

fn read_graphql(object: &Object<'_>) -> Result<GraphQl, LoadError> {
    let Some(graphql) = object.filled("graphql") else { return Ok(GraphQl::default()) };
    if graphql.as_text().is_some() {
        return Ok(GraphQl::default());
    }
    let graphql = graphql.object("the GraphQL body")?;
    Ok(GraphQl {
        query: graphql.text("query"),
        operation: graphql.text("operationName"),
        variables: graphql.get("variables").and_then(|it| it.value()),
    })
}
