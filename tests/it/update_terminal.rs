//! What an update leaves on a terminal.

use portable_pty::CommandBuilder;

use crate::archive::publication;
use crate::pty::Pty;
use crate::server::Answer;
use crate::update::Scene;

/// Runs an update in a terminal of so many columns; the screen at its end, and the exit code.
fn screen_after(scene: &Scene, columns: u16, code: u32) -> (String, String) {
    let program = env!("CARGO_BIN_EXE_tagscope");
    let data = scene.room.data();
    let args = scene.args(&["--data-dir", &data, "update", "--cloud", "china"]);
    let mut command = CommandBuilder::new("/bin/sh");
    let line = format!(
        "stty cols {columns} rows 20; exec '{program}' {}",
        args.join(" ")
    );
    command.args(["-c", &line]);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let mut pty = Pty::start(command);
    pty.screen.screen_mut().set_size(20, columns);
    assert_eq!(pty.exit_code(), code);
    let raw = String::from_utf8_lossy(&pty.raw).into_owned();
    (pty.screen.screen().contents(), raw)
}

#[test]
fn the_progress_line_is_gone_at_the_end() {
    for columns in [30, 80, 120] {
        let scene = Scene::new();
        scene.publish("China", "20261109", 40, 100);
        let (screen, raw) = screen_after(&scene, columns, 0);
        assert!(
            raw.contains("asking http://") && raw.contains("received "),
            "{raw}"
        );
        assert!(screen.trim_start().starts_with("result"), "{screen}");
        for left in ["asking", "received", "details.aspx"] {
            assert!(!screen.contains(left), "{columns}: {screen}");
        }
        let path = scene.link("China", "20261116");
        scene
            .server
            .script(&path, [Answer::json(&publication("China", 41, 100)[..900])]);
        let (screen, _) = screen_after(&scene, columns, 4);
        assert!(screen.starts_with("tagscope: http://"), "{screen}");
        assert!(!screen.contains("asking"), "{screen}");
    }
}
