// Package httpapi is the door to the control API: it registers operations with
// their roles, turns every error into a problem document (RFC 9457), and gives
// the declarative resources one shape.
//
// Operations are registered through [Register] or [RegisterResource] only. They
// refuse by default: an operation names the permission that it needs, and the
// caller is authenticated before a byte of the body is read. An error without
// a code becomes "internal"; its text goes to the log and never to the client.
package httpapi
