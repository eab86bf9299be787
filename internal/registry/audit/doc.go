// Package audit shows the audit trail: who did what on the control plane, what
// was refused, and whether the trail is intact. It owns no table: the trail
// itself is the door platform/trail, and other rooms write it.
//
// A principal sees the events of the tenants in their scope, and, without any
// further permission, those that concern themselves. An export and a
// verification are events, too.
//
// service.go has the use cases, words.go the sentences for known actions,
// export.go the forms of an export, api.go the operations, pages.go the screen.
package audit
