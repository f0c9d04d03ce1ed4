//! Whether a group has one member only: then what it may write to is still the
//! person's own. Many systems give each user a group of the same name.

use std::fs;

/// Whether the group is its owner's own, as the system's files say. Accounts
/// from elsewhere, such as a directory service, are not found there, and then
/// the answer is no.
pub(super) fn is_private_group(group: u32, owner: u32) -> bool {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    is_private(group, owner, &read("/etc/passwd"), &read("/etc/group"))
}

/// The same for these texts, as passwd(5) and group(5) have them: the group has
/// the owner's name, no other member, and is no other user's first group.
fn is_private(group: u32, owner: u32, users: &str, groups: &str) -> bool {
    let (group, owner) = (group.to_string(), owner.to_string());
    let mut name = None;
    for user in users.lines() {
        let fields: Vec<&str> = user.split(':').collect();
        let [user, _, id, first, ..] = fields[..] else { continue };
        if id == owner {
            name = name.or(Some(user));
        } else if first == group {
            return false;
        }
    }
    let Some(name) = name else { return false };
    let mut lines = groups.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [group_name, _, id, members] = fields[..] else { return None };
        (id == group).then_some((group_name, members))
    });
    lines.next().is_some_and(|(group_name, members)| {
        group_name == name && members.split(',').all(|member| member.is_empty() || member == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_private_by_name_and_members() {
        let users = "root:x:0:0::/root:/bin/sh\nana:x:1000:1000::/home/ana:/bin/sh\nben:x:1001:50::/:/bin/sh\n";
        let groups = "root:x:0:\nana:x:1000:\nana2:x:1002:ana\nstaff:x:50:\nben:x:1001:ben,ana\nown:x:1003\n";
        for (group, owner, private) in [
            (1000, 1000, true),
            (0, 0, true),
            (50, 1001, false),
            (1001, 1001, false),
            (1002, 1000, false),
            (1000, 1001, false),
            (1000, 7, false),
            (1003, 1000, false),
            (9, 1000, false),
        ] {
            assert_eq!(is_private(group, owner, users, groups), private, "{group} of {owner}");
        }
        let shared = users.replace("ben:x:1001:50", "ben:x:1001:1000");
        assert!(!is_private(1000, 1000, &shared, groups), "another user's first group");
        assert!(!is_private(1000, 1000, "", groups));
        assert!(!is_private(1000, 1000, users, ""));
    }
}
