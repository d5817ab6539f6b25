//! `tagscope config`.

use std::io::Write;

use crate::cli::args::ConfigArgs;
use crate::cli::console::Console;
use crate::cli::{Context, Exit, Failure};
use crate::settings::DEFAULT_FILE;

pub fn run(args: &ConfigArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if args.print_default {
        console.out().write_all(DEFAULT_FILE.as_bytes())?;
        return Ok(Exit::Done);
    }
    let path = context
        .paths
        .config
        .as_ref()
        .map(|path| path.to_string_lossy().into_owned());
    console.line(&match (path, context.has_file) {
        (Some(path), true) => format!("# from {path}, the environment and the flags"),
        (Some(path), false) => format!("# {path} does not exist; defaults, environment, flags"),
        (None, _) => {
            "# no home folder, so no settings file; defaults, environment, flags".to_owned()
        }
    })?;
    let settings = &context.settings;
    console.line(&format!("cloud = \"{}\"", settings.cloud.flag()))?;
    console.line(&format!("offline = {}", settings.offline))?;
    console.line(&format!("color = \"{}\"", settings.color.word()))?;
    let theme = settings.theme.as_deref().unwrap_or("default");
    console.line(&format!("theme = {}", toml::Value::from(theme)))?;
    console.line(&format!("clipboard = \"{}\"", settings.clipboard.word()))?;
    console.line(&format!("mouse = {}", settings.mouse))?;
    console.line(&format!("update_at_start = {}", settings.update_at_start))?;
    console.line(&format!("state = \"{}\"", settings.state.word()))?;
    let also = settings.also.iter().map(|(name, file)| {
        let file = toml::Value::from(file.as_str());
        format!("{name} = {file}")
    });
    let also: Vec<String> = also.collect();
    if !also.is_empty() {
        console.line(&format!("also = {{ {} }}", also.join(", ")))?;
    }
    Ok(Exit::Done)
}
