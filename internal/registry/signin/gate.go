package signin

import "simpul/internal/platform/web"

// Gate stands before the screens that are not for everybody.
func Gate() web.Gate { return web.Gate{Visitor: Visitor, SignIn: SignInPath} }
