package httpapi

import "time"

// Lag says how far an answer that is derived from the journals is behind them. Embed it in
// the body of the answer.
type Lag struct {
	Behind        uint64     `json:"behind" doc:"Records that are in the journals and not in this answer yet, those of every agency together; 0: it lacks nothing"`
	CompleteUntil *time.Time `json:"completeUntil,omitempty" doc:"What was recorded before is in the answer; absent where what is missing is in the journal of another process, which alone knows"`
}
