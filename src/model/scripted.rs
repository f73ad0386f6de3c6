//! A model that always says the same, for the built-in `oracle` and `blank`.

use async_trait::async_trait;

use super::{CallError, Model, ModelName, Reply, Request, Usage};

/// Replies with one given text, at no cost. What the text is, the caller
/// decides: a task's reference answer, nothing at all, or a test's line.
#[derive(Debug, Clone)]
pub struct Canned {
    name: ModelName,
    text: String,
}

impl Canned {
    /// A model called `name` that answers every request with `text`.
    pub fn new(name: ModelName, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
        }
    }
}

#[async_trait]
impl Model for Canned {
    fn name(&self) -> &ModelName {
        &self.name
    }

    async fn generate(&self, _request: &Request) -> Result<Reply, CallError> {
        let mut reply = Reply::from_text(self.text.clone());
        reply.usage = Some(Usage::default());
        reply.model_returned = Some(self.name.name().to_owned());
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn says_its_text_at_no_cost() {
        let model = Canned::new(ModelName::parse("builtin/oracle").unwrap(), "42");
        let reply = model.generate(&Request::from_user("what?")).await.unwrap();
        assert_eq!(reply.text, "42");
        assert_eq!(reply.usage, Some(Usage::default()));
    }
}
