package reshape

// Limits on an answer that is changed, the same as those on one from which fields
// are selected.
const (
	// maxDepth is how many arrays and objects may be open at once.
	maxDepth = 64

	// maxNames is how much the names of the members of all open objects may weigh,
	// in bytes; each weighs nameOverhead on top of its length.
	maxNames     = 8 << 20
	nameOverhead = 64

	// maxDigits bounds the digits of a number that is converted, and its exponent.
	maxDigits = 400

	// chunk is how much is gathered before it is delivered, in bytes.
	chunk = 4 << 10

	// maxKept is the largest buffer that is kept for the next answer, in bytes.
	maxKept = 64 << 10
)
