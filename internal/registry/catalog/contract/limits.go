package contract

// Limits on a document. Those that a real contract may meet end in an error that
// says so; those on fields cut and mark.
const (
	maxDocument   = 2 << 20 // bytes
	maxNesting    = 100     // JSON arrays and objects that are open at once
	maxValues     = 250_000 // JSON values in the document; one takes some 100 bytes
	maxPath       = 500     // bytes
	maxOperations = 500
	maxParameters = 200     // of one operation
	maxFields     = 20_000  // listed in the whole contract
	maxVisits     = 300_000 // schemas looked at, counting one again each time it is referred to
	maxHops       = 16      // references that refer to references

	maxShape      = 2_000 // fields listed of one request or answer
	maxFieldDepth = 16    // names in a listed path

	maxText    = 2_000    // bytes kept of a description
	maxExample = 16 << 10 // bytes; a longer example is left out
)
