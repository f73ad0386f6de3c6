//! `sheet.toml`: many small tasks of one family in one file.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::id::is_id_part;
use super::{AnswerKey, Grading, Place, Problem, ShortAnswer, Task};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[allow(dead_code, reason = "there is one version so far")]
    schema_version: Option<String>,
    sheet: Header,
    #[serde(default, rename = "item")]
    items: Vec<Spanned<toml::Table>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    family: String,
    version: String,
    description: String,
    canary: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    name: String,
    version: Option<String>,
    description: Option<String>,
    question: String,
    answer: AnswerKey,
    #[serde(default)]
    wrong: Vec<String>,
}

/// Reads the sheet of `family`. Items that are sound become tasks, each of the others a problem.
pub(super) fn load(file: &Path, family: &str) -> (Vec<Task>, Vec<Problem>) {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            return (
                Vec::new(),
                vec![Problem::new(file, None, format!("cannot be read: {error}"))],
            );
        }
    };
    let sheet: Sheet = match toml::from_str(&text) {
        Ok(sheet) => sheet,
        Err(error) => return (Vec::new(), vec![Problem::from_toml(file, &text, &error)]),
    };
    let mut tasks: Vec<Task> = Vec::new();
    let mut problems = Vec::new();
    if sheet.sheet.family != family {
        let message = format!(
            "is {:?}, but the folder says `{family}`; make them the same",
            sheet.sheet.family
        );
        problems.push(Problem::new(file, Some("sheet.family"), message).at_key(&text, "family"));
        return (tasks, problems);
    }
    for (index, spanned) in sheet.items.into_iter().enumerate() {
        let place = Place::at(file, &text, spanned.span().start);
        let label = format!("item {}", index + 1);
        match read_item(spanned.into_inner(), &sheet.sheet, &place) {
            Ok(task) if tasks.iter().any(|known| known.id == task.id) => problems.push(Problem {
                place,
                field: Some(label),
                message: format!(
                    "`{}` stands twice in this sheet; give it another name",
                    task.id
                ),
            }),
            Ok(task) => tasks.push(task),
            Err(message) => problems.push(Problem {
                place,
                field: Some(label),
                message,
            }),
        }
    }
    (tasks, problems)
}

fn read_item(table: toml::Table, header: &Header, place: &Place) -> Result<Task, String> {
    let source_text = format!("{}\n{}", header.version, toml::Value::Table(table.clone()));
    let item: Item = table
        .try_into()
        .map_err(|error: toml::de::Error| error.message().replace('\n', " "))?;
    if !is_id_part(&item.name) {
        return Err(format!(
            "name {:?} must be letters, digits, `-`, `_` or `.`",
            item.name
        ));
    }
    if item.question.trim().is_empty() {
        return Err(format!(
            "`{}` asks nothing: its question is empty",
            item.name
        ));
    }
    if let Some(flaw) = item.answer.flaw() {
        return Err(format!("answer of `{}`: {flaw}", item.name));
    }
    Ok(Task {
        id: format!("{}/{}", header.family, item.name)
            .parse()
            .map_err(|error: super::IdError| error.to_string())?,
        version: item.version.unwrap_or_else(|| header.version.clone()),
        description: item
            .description
            .unwrap_or_else(|| header.description.clone()),
        canary: header.canary.clone(),
        instruction: item.question,
        grading: Grading::Answer(ShortAnswer {
            key: item.answer,
            wrong: item.wrong,
            source_text,
        }),
        success_score: 1.0,
        solver_timeout: None,
        requires: Vec::new(),
        place: place.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[sheet]\nfamily = \"facts\"\nversion = \"1.0.0\"\ndescription = \"d\"\n";

    fn read(items: &str) -> (Vec<Task>, Vec<Problem>) {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("sheet.toml");
        fs::write(&file, format!("{HEAD}{items}")).unwrap();
        load(&file, "facts")
    }

    #[test]
    fn a_broken_item_does_not_hide_its_neighbours() {
        let (tasks, problems) = read(
            "[[item]]\nname = \"a\"\nquestion = \"1+1?\"\nanswer = { kind = \"number\", value = 2 }\n\
             [[item]]\nname = \"b\"\nquestion = \"?\"\nanswer = { kind = \"nonsense\" }\n\
             [[item]]\nname = \"c\"\nquestion = \"?\"\nanswer = { kind = \"exact\", value = \"x\" }\nwrogn = []\n",
        );
        assert_eq!(
            tasks.iter().map(|t| t.id.as_str()).collect::<Vec<_>>(),
            ["facts/a"]
        );
        assert_eq!(problems.len(), 2);
        assert_eq!(problems[0].place.line, Some(9));
        assert!(problems[1].message.contains("wrogn"), "{}", problems[1]);
    }

    #[test]
    fn a_name_twice_is_a_problem() {
        let item = "[[item]]\nname = \"a\"\nquestion = \"?\"\nanswer = { kind = \"exact\", value = \"x\" }\n";
        let (tasks, problems) = read(&item.repeat(2));
        assert_eq!((tasks.len(), problems.len()), (1, 1));
    }
}
