"use client";
import { Component, type ReactNode } from "react";
import { after } from "@/lib/clock";

/** Keeps a broken widget from taking the wall with it, and tries it again after a while. */
export class TileBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override componentDidCatch(error: Error): void {
    console.error("tile:", error);
    after(10_000, () => this.setState({ error: null }));
  }

  override render(): ReactNode {
    return this.state.error ? <p className="empty">{this.state.error.message}</p> : this.props.children;
  }
}
