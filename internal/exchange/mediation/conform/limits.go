package conform

// Limits on a message that is checked. Whoever checks bounds its length.
const (
	maxDepth    = 64      // arrays and objects that are open at once
	maxValues   = 200_000 // JSON values; one takes 32 bytes
	maxNumber   = 1_000   // bytes of a number as it is written
	maxExponent = 400     // of a number, either way

	// maxSteps bounds the work of one check. A step is one value held to one
	// schema; what costs more takes more.
	maxSteps = 500_000

	// mostFaults is how many faults one message is told of.
	mostFaults = 10

	// maxKept is the largest tree that is kept for the next message, in values.
	maxKept = 4_096
)

// Limits on a contract.
const (
	maxForms     = 50_000 // schemas that checks can reach
	maxContract  = 4 << 20
	mostListed   = 12  // names or values that an expectation lists
	longestShown = 120 // bytes of a pattern or value of the contract in an expectation
)
