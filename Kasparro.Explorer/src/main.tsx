import { render } from "preact";
import { App } from "./App";
import { applyStoredTheme } from "./theme";
import "uplot/dist/uPlot.min.css";
import "./styles.css";

applyStoredTheme();
render(<App />, document.getElementById("app")!);
