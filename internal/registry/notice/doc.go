// Package notice owns what the hub tells people: the inbox of each account, the
// copies of it that go by e-mail, and how each person wants to hear of what.
//
// Invariants: a notice is stored in the transaction of the change that it tells
// of, so neither exists without the other. The inbox is the truth and e-mail a
// copy: a letter that cannot be delivered loses nothing. Of two notices with one
// key a person gets one. Whoever is not the person meets the same words as for
// an entry that does not exist. Texts are sealed at rest; addresses are looked
// up when a letter goes, those of invitations are sealed and erased after it
// went. Mail is plain, and holds nothing that tells whether it was read.
//
// Other rooms use [Service.Notify], [Service.Done] and [Service.Invite]; screens
// across rooms use [Service.Unread] and [Service.Waiting].
//
//   - notice.go     what a notice must be, entries of an inbox
//   - topic.go      groups of topics, ways to hear of them, the defaults
//   - service.go    telling people; inbox.go: reading and marking
//   - preference.go preferences; forget.go: export and erasure of a person
//   - invite.go     letters to people without an account
//   - courier.go    takes letters from the outbox and sends them; retry.go when
//     again; letter.go, words.go what they say; digest.go once a day
//   - outbox.go     what became of letters, for those who run the hub
//   - store.go      SQL; api.go operations; pages*.go screens
package notice
