package feasibility

import "context"

// Run tests a subject without storing anything.
func (t *Tester) Run(ctx context.Context, s Subject) (Report, error) { return t.run(ctx, s) }
