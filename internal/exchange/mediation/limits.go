package mediation

// Limits on an answer from which fields are selected. With them one exchange
// never holds more than about 12 MiB, or 45 MiB where its provider allows long texts
// ([simpul.Delivery.LongestText]), and in practice some 10 KiB.
const (
	// maxDepth is how many arrays and objects may be open at once.
	maxDepth = 64

	// maxNames is how much the names of the members of all open objects may weigh,
	// in bytes, since they are held to notice a duplicate. Each name weighs
	// nameOverhead on top of its length. An object with one member for each of the
	// nation's 84,000 villages fits.
	maxNames     = 8 << 20
	nameOverhead = 64

	// chunk is how much is gathered before it is delivered, in bytes. A selection
	// that is shorter is delivered only once the whole answer is known to be valid.
	chunk = 4 << 10

	// maxKept is the largest buffer that is kept for the next exchange, in bytes.
	maxKept = 64 << 10

	// maxChecked is the largest body that is held to a contract, in bytes, since it
	// is gathered before anything of it goes on.
	maxChecked = 1 << 20

	// usualAnswer is the room for an answer whose length is not known, in bytes.
	usualAnswer = 4 << 10

	// maxDrained is how much of a withheld body is read so that the connection to
	// the provider can be used again, in bytes.
	maxDrained = 4 << 10
)
