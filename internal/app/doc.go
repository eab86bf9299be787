// Package app is the wiring: it turns a configuration into doors, doors into
// rooms, and rooms into servers. It is the only place where rooms meet, and it
// holds no rule of its own.
//
// hub.go builds, follow.go keeps the views in memory up to date, listen.go
// serves and drains. The demo nation is in the folder demo.
package app
