// Package onboarding owns the PIC appointments (Penunjukan PIC) with which an
// agency joins the hub: who it is, by which letter, which people look after the
// connection, from which addresses it calls, and what for.
//
// form.go is what people write and what must be in it, document.go the PDF files
// beside it, compare.go the difference between two versions, case.go the states.
//
// Invariants: what people wrote is sealed and reaches no log; a version that was
// submitted never changes; an accepted form is final once it is locked, and a
// change after that is a new version; nobody decides on what they submitted
// themselves. Whoever has no account yet fills a form with a code that is shown
// once; a wrong code and a form that is gone are told in the same words.
//
// The agency room creates the agency and the identity room invites its first
// admin; this room asks for both through [Admitter] and [Inviter].
package onboarding
