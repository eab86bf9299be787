// Package identity owns who works on the control plane: the accounts of people,
// what the roles that they hold may do, how they are invited and recovered, what
// they take in an emergency, and the tokens with which programs call the control
// API.
//
// Invariants:
//
//   - A token, a session or a code is stored only as a digest; what is known of a
//     person is stored sealed.
//   - What somebody may do is read from the roles at each request, so nothing in
//     a request can widen it, and a change of a role applies at once.
//   - Nobody gives a permission that they do not hold by standing roles, changes
//     their own roles, or acts on an account that may do more than they may.
//   - An account acts for its agency or for the nation, never both.
//   - A code works once, for its time; all that are not valid are refused in the
//     same words.
//   - What is taken in an emergency ends within an hour, is told at once to those
//     who watch, and stays on record.
//   - The name of an account is for ever; erasure destroys the person behind it.
//
// rules.go says who may do what to whom; roles.go and rolespec.go what roles
// contain; people.go, states.go and codes.go are the use cases on accounts,
// invitation.go on codes, emergency.go and privacy.go on what their names say;
// principal.go is what other rooms ask. Screens are in screens*.go.
package identity
