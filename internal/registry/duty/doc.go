// Package duty owns what needs two people ("empat mata", four eyes): proposals,
// and the decision on each by somebody else.
//
// A room that does something which one person must not do alone does not do it:
// it asks [Service.Propose], with the exact content, and offers an [Action] that
// can carry it out. Whoever holds simpul.DecideProposals and the permission of
// the action, and is another person, approves or rejects.
//
// # What is guaranteed
//
//   - Nobody decides on a proposal of their own; see who.go for who is whom.
//   - What is carried out is what was shown: the content that was proposed, in
//     the transaction of the approval. Either both are stored or neither.
//   - Of two decisions at once, one counts; the other is told so.
//   - A proposal whose subject changed after it was made is not carried out.
//   - A failed execution leaves the proposal open, with the reason.
//   - Content, the state before it, and what people wrote are sealed at rest.
//
// proposal.go has the types, service.go the use cases, decide.go the decision,
// store.go the SQL, api.go the operations, pages.go the screens.
package duty
