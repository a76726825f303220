import { render } from "preact";
import { App } from "./App";
import { applyTheme } from "./theme";
import "uplot/dist/uPlot.min.css";
import "./styles.css";

applyTheme();
render(<App />, document.getElementById("app")!);
