//! When something is asked: a function of other answers, without loops.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answers::{Answer, Path};
use super::{Answers, Form};

/// When something is asked. Fields are named `section.field`; inside a repeated section its own fields are those of the same
/// repeat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The answer is, or holds, this value.
    Is {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
    /// Something was answered.
    Answered(String),
    /// This does not hold.
    Not(Box<Condition>),
    /// All of these hold.
    All(Vec<Condition>),
    /// One of these holds.
    Any(Vec<Condition>),
}

impl Condition {
    /// The fields it looks at.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::Is { field, .. } | Self::Answered(field) => vec![field],
            Self::Not(inner) => inner.fields(),
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::fields).collect(),
        }
    }
}

/// What is asked, with these answers. What is not asked itself counts as not answered: a condition never hangs on a question
/// nobody sees.
pub struct Asked<'a> {
    form: &'a Form,
    answers: &'a Answers,
    /// What was found out already: fields may hang on one another many times over.
    known: RefCell<BTreeMap<Path, bool>>,
}

impl<'a> Asked<'a> {
    /// Of a form that is sound: see [`Form::fault`].
    #[must_use]
    pub const fn new(form: &'a Form, answers: &'a Answers) -> Self {
        Self { form, answers, known: RefCell::new(BTreeMap::new()) }
    }

    /// Returns whether this condition holds; fields of a repeated section are read at the repeat `index`.
    #[must_use]
    pub fn holds(&self, condition: Option<&Condition>, index: u16) -> bool {
        condition.is_none_or(|condition| self.check(condition, index))
    }

    /// Returns whether a field is asked.
    #[must_use]
    pub fn field(&self, path: &Path) -> bool {
        if let Some(known) = self.known.borrow().get(path) {
            return *known;
        }
        let Some((section, field)) = self.form.section(&path.section).zip(self.form.field(path)) else { return false };
        let asked = self.holds(section.when.as_ref(), path.index) && self.holds(field.when.as_ref(), path.index);
        self.known.borrow_mut().insert(path.clone(), asked);
        asked
    }

    /// The answers to what is asked, and nothing else: what was typed before a question went away is nobody's business.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let kept = self.answers.0.iter().filter(|(path, answer)| !answer.is_empty() && self.field(path));
        Answers(kept.map(|(path, answer)| (path.clone(), answer.honest())).collect())
    }

    fn check(&self, condition: &Condition, index: u16) -> bool {
        match condition {
            Condition::Is { field, value } => self.answer(field, index).is_some_and(|answer| answer.is(value)),
            Condition::Answered(field) => self.answer(field, index).is_some(),
            Condition::Not(inner) => !self.check(inner, index),
            Condition::All(inner) => inner.iter().all(|one| self.check(one, index)),
            Condition::Any(inner) => inner.iter().any(|one| self.check(one, index)),
        }
    }

    /// The answer to a field that is asked.
    fn answer(&self, name: &str, index: u16) -> Option<&Answer> {
        let mut path: Path = name.parse().ok()?;
        let repeats = self.form.section(&path.section)?.repeats.is_some();
        path.index = if repeats { index } else { 0 };
        self.answers.get(&path).filter(|_| self.field(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each field is asked when the one before it is answered, which is looked at twice.
    fn chain(length: usize) -> Form {
        let field = |n: usize| {
            let before = format!("s.f{}", n.saturating_sub(1));
            let twice = vec![Condition::Answered(before.clone()), Condition::Answered(before)];
            serde_json::json!({ "id": format!("f{n}"), "label": "", "kind": "phone",
                "when": (n > 0).then_some(Condition::All(twice)) })
        };
        let fields: Vec<_> = (0..length).map(field).collect();
        serde_json::from_value(
            serde_json::json!({ "version": 1, "sections": [{ "id": "s", "title": "", "fields": fields }] }),
        )
        .unwrap()
    }

    #[test]
    fn what_is_not_asked_any_more_is_not_among_the_answers() {
        let form = chain(4);
        let all = (0..4).map(|n| (format!("s.f{n}").parse().unwrap(), Answer::Text("1".into())));
        let mut answers = Answers(all.collect());
        assert_eq!(Asked::new(&form, &answers).answers(), answers);
        answers.0.insert("s.f1".parse().unwrap(), Answer::Text(" ".into()));
        answers.0.insert("elsewhere.f1".parse().unwrap(), Answer::Text("1".into()));
        let kept: Vec<String> = Asked::new(&form, &answers).answers().0.keys().map(ToString::to_string).collect();
        assert_eq!(kept, ["s.f0"], "one question gone, and all that hang on it");
    }

    #[test]
    fn a_long_chain_is_no_explosion_and_a_loop_is_found() {
        let form = chain(1_000);
        assert_eq!(form.fault(), None, "as many fields as a form may have");
        let answers = (0..1_000).map(|n| (format!("s.f{n}").parse().unwrap(), Answer::Text("1".into())));
        let answers = Answers(answers.collect());
        assert!(Asked::new(&form, &answers).field(&"s.f999".parse().unwrap()));
        let mut fewer = answers.clone();
        fewer.0.remove(&"s.f3".parse().unwrap());
        assert!(!Asked::new(&form, &fewer).field(&"s.f999".parse().unwrap()), "what is not asked is not answered");
        let mut looped = chain(3);
        looped.sections[0].fields[0].when = Some(Condition::Answered("s.f2".into()));
        assert!(matches!(looped.fault(), Some(crate::form::FormFault::Loop(_))));
    }
}
