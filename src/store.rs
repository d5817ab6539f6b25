//! Files: where they are, and reading them within bounds.

mod archive;
mod file_lock;
mod files;
mod folder;
mod paths;
mod profiles;
mod rule_lists;
mod state;
mod watch;
mod whole;

pub use archive::{
    Added, Archive, ArchiveError, ArchiveLock, Card, FetchTurn, Name, OpenedArchive, Packed, Swept,
};
pub use file_lock::{Holder, Waiting};
pub use files::{
    Input, ReadError, Stream, files_below, open_stream, open_to_append, publications, read_bounded,
};
pub use folder::write_folder;
pub use paths::{Paths, expand_home};
pub use profiles::{
    LoadedProfile, ProfileError, load_profile, profile_folder, profile_names, save_profile,
};
pub use rule_lists::{
    FileStamp, RuleList, RuleListError, load_rule_list, rule_list_folder, rule_list_names,
    save_rule_list,
};
pub use state::{
    KeptState, KeptTags, KeptView, MOST_QUERIES, MOST_RULE_FILES, StateChanges, StateError,
    keep_state, read_state, state_file,
};
pub use watch::{keep_watched, read_watched, watch_file};
pub use whole::{write_cache, write_new, write_over};
