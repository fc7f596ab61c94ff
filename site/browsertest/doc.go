// Package browsertest drives the built pages in a real headless Chromium, one for all tests.
//
//	site/dist ──▶ site.Handler below /course/ ──▶ Chromium ──▶ a tab for each test ──▶ chromedp
//	                                                                 └── screenshot ──▶ docs/race.png
//
// Its tests need the build tag "browser": go test -tags browser ./site/browsertest
package browsertest
