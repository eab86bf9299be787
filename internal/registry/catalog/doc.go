// Package catalog owns the LIDs: their addresses, contracts and metadata, and
// which of them can be called.
//
// Invariants: an address belongs to one agency for ever; a published LID has a
// contract that the hub has read and an upstream that only the hub knows; a
// retired LID does not come back; an earlier major version answers until its
// sunset, and nobody who holds a grant is left alone before the day that they
// were told. The catalogue entry is the route: [Directory] is the gateway's view
// in memory and holds exactly the live LIDs, with the versions that answer and
// what is retired, so there is no second configuration that could drift.
//
// What storing a LID means for those who call it begins in turn.go: older.go are
// earlier versions, ending.go when a LID ends, successor.go what follows it, and
// tell.go who hears of it.
//
// What LIDs say of themselves is in metadata*.go, how well they say it in
// quality*.go, and which resemble each other in similar.go. open.go publishes the
// catalogue as DCAT-AP 3; harvest.go and abroad.go hold entries of other
// catalogues, which can be found and never called.
//
// What LIDs were is in revision*.go, what a change may break in compatibility.go,
// and how consumers consent to it in consent.go.
//
// The sub-package contract reads OpenAPI documents, its own sub-package compare
// tells what breaks consumers, dcat writes and reads
// catalogues, and finder finds texts in Indonesian; [Finder] keeps it in step
// with the directory.
package catalog
