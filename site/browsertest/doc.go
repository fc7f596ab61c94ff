// Package browsertest drives the built pages in a real headless Chromium.
//
//	site/dist ──▶ site.Handler below /course/ ──▶ Chromium ──▶ chromedp ──▶ tests
//	                                                 └── screenshot ──▶ docs/race.png
//
// Its tests need the build tag "browser": go test -tags browser ./site/browsertest
package browsertest
