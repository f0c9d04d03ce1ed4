//! `hook` of an event: what hooks of coding agents record it for.

use super::fields::Fields;
use super::notes::{Notes, quoted, shown};
use super::spanned::Spanned;
use crate::{HookEvent, Property};

/// Reads the word.
pub(super) fn read(fields: &mut Fields<'_>, notes: &mut Notes<'_>) -> Option<Spanned<HookEvent>> {
    let text = fields.text("hook", notes)?;
    let known = HookEvent::ALL.into_iter().find(|hook| hook.word() == text.text);
    if known.is_none() {
        let unknown = format!("hook {}", quoted(text.text));
        notes.unknown(text.at, &unknown, text.text, HookEvent::ALL.map(HookEvent::word));
    }
    known.map(|value| Spanned { at: text.at, value })
}

/// Checks that a hook can fill what the event requires.
pub(super) fn filled(
    hook: Option<&Spanned<HookEvent>>,
    properties: &[Spanned<Property>],
    notes: &mut Notes<'_>,
) {
    let Some(Spanned { value: hook, .. }) = hook else { return };
    for property in properties {
        let of = property.value;
        let is_given = !matches!(of.kind, crate::Kind::Constant(_) | crate::Kind::CountOf(_));
        let is_filled = crate::HookRole::of(*hook, &of).is_some() || of.absent().is_some();
        if is_given && !is_filled {
            let message = format!(
                "A hook has nothing for `{}` in an event with `hook = \"{}\"`: make it optional, or leave it out.",
                shown(of.name),
                hook.word()
            );
            notes.wrong(property.at, message);
        }
    }
}
