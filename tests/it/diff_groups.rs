//! Filters, services and words of a comparison, asked of the library.

use std::collections::BTreeSet;

use tagscope::azure::{Tag, Week};
use tagscope::index::{self, Index, embedded_chronicle};
use tagscope::query::diff::{self, DiffQuestion, GroupOrder};
use tagscope::query::{Dataset, Provenance, Sheet, Source, tags};
use tagscope::text::Safe;

fn dataset(week: &Week) -> Dataset {
    let index = Index::open(index::write(week).unwrap()).unwrap();
    let provenance = Provenance {
        source: Source::Embedded,
        origin: Safe::new("test"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

/// Two neighbouring embedded weeks, only the tags that `keeps` holds for.
fn neighbours(place: usize, keeps: impl Fn(&Tag) -> bool) -> [Dataset; 2] {
    let chronicle = embedded_chronicle().unwrap();
    [place, place + 1].map(|place| {
        let mut week = chronicle.week(place).unwrap();
        week.tags.retain(|tag| keeps(tag));
        dataset(&week)
    })
}

fn compared([base, target]: &[Dataset; 2], question: &DiffQuestion) -> diff::DiffAnswer {
    diff::ask(question, base, target).unwrap()
}

type Keeps = fn(&Tag) -> bool;

#[test]
fn a_filter_answers_like_weeks_without_the_other_tags() {
    let service = |service: &str| DiffQuestion {
        tags: tags::TagsQuestion {
            services: vec![service.to_owned()],
            ..tags::TagsQuestion::default()
        },
        ..DiffQuestion::default()
    };
    let region = DiffQuestion {
        tags: tags::TagsQuestion {
            regions: vec![tags::RegionChoice::Property("westeurope".to_owned())],
            ..tags::TagsQuestion::default()
        },
        ..DiffQuestion::default()
    };
    let without = DiffQuestion {
        ignores_azure_cloud: true,
        ..DiffQuestion::default()
    };
    let cases: [(DiffQuestion, Keeps); 3] = [
        (without, |tag| !tag.name.starts_with("AzureCloud")),
        (region, |tag| tag.region == "westeurope"),
        (service("AzureCloud"), |tag| {
            tag.name.split('.').next() == Some("AzureCloud")
        }),
    ];
    for place in [3, 10, 18] {
        let whole = neighbours(place, |_| true);
        for (question, keeps) in &cases {
            let answer = compared(&whole, question);
            let few = compared(&neighbours(place, keeps), &DiffQuestion::default());
            assert_eq!(answer.summary, few.summary, "{question:?}");
            assert_eq!(answer.tags.len(), few.tags.len());
            for (one, other) in answer.tags.iter().zip(&few.tags) {
                assert_eq!((&one.name, &one.echo_of), (&other.name, &other.echo_of));
                assert_eq!((one.gained, one.lost), (other.gained, other.lost));
            }
        }
        let moving = DiffQuestion {
            wants_address_changes: true,
            ..DiffQuestion::default()
        };
        let (all, some) = (
            compared(&whole, &DiffQuestion::default()),
            compared(&whole, &moving),
        );
        let kept = all.tags.iter().filter(|tag| tag.has_address_change());
        assert!(
            kept.map(|tag| &tag.name)
                .eq(some.tags.iter().map(|tag| &tag.name))
        );
        assert_eq!(all.summary.gained, some.summary.gained);
    }
}

#[test]
fn a_services_gain_is_that_of_its_tags_together() {
    for place in [3, 4, 18] {
        let answer = compared(&neighbours(place, |_| true), &DiffQuestion::default());
        let groups = answer.groups(GroupOrder::Name);
        assert!(groups.is_sorted_by_key(|group| group.service));
        let tags = groups.iter().map(|group| group.tags.len()).sum::<usize>();
        assert_eq!(tags, answer.tags.len());
        let by_addresses = answer.groups(GroupOrder::Addresses);
        let v4 = |group: &diff::DiffGroup<'_>| group.gained[0] + group.lost[0];
        assert!(by_addresses.is_sorted_by(|one, other| v4(one) >= v4(other)));
        let several = groups.iter().filter(|group| group.tags.len() > 1);
        for group in several.take(6) {
            let base = |tag: &Tag| match tag.name.rsplit_once('.') {
                Some((base, _)) if !tag.region.is_empty() => base.to_owned(),
                _ => tag.name.clone(),
            };
            let alone = neighbours(place, |tag| base(tag) == group.service);
            let alone = compared(&alone, &DiffQuestion::default());
            let name = group.service;
            assert_eq!(
                (group.gained, group.lost),
                (alone.summary.gained, alone.summary.lost),
                "{name}"
            );
            let distinct: BTreeSet<String> = (group.tags.iter())
                .flat_map(|tag| &tag.added)
                .map(|row| row.prefix.to_string())
                .collect();
            assert_eq!(group.prefixes_added, distinct.len(), "{name}");
        }
    }
}

#[test]
fn words_of_a_fold() {
    let weeks = neighbours(3, |_| true);
    let answer = compared(&weeks, &DiffQuestion::default());
    let [base, target] = &weeks;
    assert_eq!(
        answer.sentence(base, target),
        "39 tags changed (2 duplicates): 102,504 IPv4 addresses gained, 0 lost; \
         IPv6 ≈2^71.3 gained, 0 lost; rows +297 −311"
    );
    let folded = answer.folded(base, target, GroupOrder::Name);
    let line = |wanted: &str| {
        let row = (0..folded.len())
            .find(|&row| folded.cell(row, 0).shown() == wanted)
            .unwrap();
        let cells = 1..folded.columns().len();
        cells
            .map(|column| folded.cell(row, column).shown().into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        line("PowerPlatformInfra"),
        ["3 tags", "–", "+6 −0", "+656 −0", "–", "–"]
    );
    assert_eq!(
        line("· PowerPlatformInfra"),
        [
            "changed",
            "29 → 30",
            "+6 −0",
            "+656 −0",
            "–",
            "repeats PowerPlatformInfra.JapanEast, PowerPlatformInfra.JapanWest"
        ]
    );
    assert_eq!(
        line("Storage.EastUS2"),
        ["changed", "52 → 53", "+1 −0", "+512 −0", "–", "–"]
    );
    let find = |name: &str| answer.tags.iter().find(|tag| tag.name == name).unwrap();
    let first = |name: &str| answer.explained(find(name).rows().next().unwrap());
    assert_eq!(first("AzureCloud.austriaeast"), "new; also in AzureCloud");
    assert_eq!(
        first("PowerPlatformInfra"),
        "new; repeats PowerPlatformInfra.JapanEast"
    );
    let rows: Vec<_> = find("AzureCloud.brazilsouth").rows().collect();
    assert_eq!(answer.meaning(rows[0]), "new (14 of them)");
    assert_eq!(answer.meaning(rows[1]), "still covered by 20.20.96.0/24");
    let nothing = diff::ask(&DiffQuestion::default(), base, base).unwrap();
    assert_eq!(nothing.sentence(base, base), "nothing changed");
}
