// Package app is the wiring: it turns a configuration into doors, doors into
// rooms, and rooms into servers. It is the only place where rooms meet, and it
// holds no rule of its own.
//
// hub.go builds, follow.go keeps the views in memory up to date and settle.go
// makes a writer read its own writes, heal.go reopens a journal that refused,
// handlers.go and screens.go say what each listener serves, listen.go serves
// and drains, offline.go is for commands that need no running hub. The demo
// nation is in the folder demo.
package app
