//! Writes requests as a collection of format 2.1.

use serde_json::{Value, json};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// A collection. Texts may hold `{{variables}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Its name.
    pub name: String,
    /// Its description, in Markdown.
    pub description: String,
    /// Its requests, in the order of sending.
    pub requests: Vec<Request>,
}

/// A request. Texts may hold `{{variables}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub name: String,
    /// Its method.
    pub method: String,
    /// Scheme and host.
    pub host: String,
    /// The segments of its path.
    pub path: Vec<String>,
    /// Its query.
    pub query: Vec<(String, String)>,
    /// Its body, which is JSON after the variables have their values.
    pub body: Option<String>,
    /// Its authentication.
    pub auth: Auth,
    /// The lines of the script that runs before it.
    pub before: Vec<String>,
    /// The lines of the script that runs after it.
    pub after: Vec<String>,
}

/// The authentication of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Basic authentication.
    Basic {
        /// The user.
        username: &'static str,
        /// The password, or a token instead.
        password: &'static str,
    },
    /// A bearer token.
    Bearer {
        /// The token.
        token: &'static str,
    },
}

impl Collection {
    /// The file.
    pub fn to_json(&self) -> Value {
        let items: Vec<Value> = self.requests.iter().map(Request::to_json).collect();
        json!({
            "info": {"name": self.name, "description": self.description, "schema": SCHEMA},
            "item": items,
        })
    }
}

impl Request {
    fn to_json(&self) -> Value {
        let mut request = json!({
            "auth": self.auth.to_json(),
            "method": self.method,
            "header": [],
            "url": self.url(),
        });
        if let Some(body) = &self.body {
            // Because of the language, Postman, Newman and `postman run` send the header Content-Type.
            let options = json!({"raw": {"language": "json"}});
            request["body"] = json!({"mode": "raw", "raw": body, "options": options});
        }
        let mut events = Vec::new();
        for (listen, lines) in [("prerequest", &self.before), ("test", &self.after)] {
            if !lines.is_empty() {
                let script = json!({"type": "text/javascript", "exec": lines});
                events.push(json!({"listen": listen, "script": script}));
            }
        }
        json!({"name": self.name, "event": events, "request": request, "response": []})
    }

    fn url(&self) -> Value {
        let pairs: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut raw = format!("{}/{}", self.host, self.path.join("/"));
        let mut url = json!({"host": [self.host], "path": self.path});
        if !pairs.is_empty() {
            raw = format!("{raw}?{}", pairs.join("&"));
            let query = self.query.iter().map(|(name, value)| json!({"key": name, "value": value}));
            url["query"] = query.collect();
        }
        url["raw"] = raw.into();
        url
    }
}

impl Auth {
    fn to_json(self) -> Value {
        let field = |key: &str, value: &str| json!({"key": key, "value": value, "type": "string"});
        match self {
            Self::Basic { username, password } => {
                let fields = [field("username", username), field("password", password)];
                json!({"type": "basic", "basic": fields})
            }
            Self::Bearer { token } => {
                json!({"type": "bearer", "bearer": [field("token", token)]})
            }
        }
    }
}
