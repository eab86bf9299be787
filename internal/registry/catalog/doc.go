// Package catalog owns the LIDs: their addresses, contracts and metadata, and
// which of them can be called.
//
// Invariants: an address belongs to one agency for ever; a published LID has a
// contract that the hub has read and an upstream that only the hub knows; a
// retired LID does not come back. The catalogue entry is the route: [Directory]
// is the gateway's view in memory and holds exactly the published LIDs, so there
// is no second configuration that could drift.
//
// The sub-package contract reads OpenAPI documents, and finder finds texts in
// Indonesian; [Finder] keeps it in step with the directory.
package catalog
