//! Files: where they are, and reading them within bounds.

mod archive;
mod files;
mod paths;
mod profiles;
mod rule_lists;
mod watch;

pub use archive::{Added, Archive, ArchiveError, ArchiveLock, Card, Name, OpenedArchive, Swept};
pub use files::{Input, ReadError, publications, read_bounded, write_new, write_over};
pub use paths::{Paths, expand_home};
pub use profiles::{
    LoadedProfile, ProfileError, load_profile, profile_folder, profile_names, save_profile,
};
pub use rule_lists::{
    FileStamp, RuleList, RuleListError, load_rule_list, rule_list_folder, rule_list_names,
    save_rule_list,
};
pub use watch::{keep_watched, read_watched, watch_file};
